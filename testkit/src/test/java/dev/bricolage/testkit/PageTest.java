package dev.bricolage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PageTest {
  @Test
  void readsCommandsOutputAndStatus() {
    Page page =
        Page.parse(
            "page.md",
            """
            # A page
            ```sh
            $ this is not a transcript
            ```
            ```console
            $ echo one
            one
            $ cat <<'END'
            > two
            >
            > END
            two

            $ false
            [exit 1]
            ```
            ```console
            $ true
            ```
            """);
    assertEquals(
        List.of(
            new Step(6, "echo one", List.of("one"), 0),
            new Step(8, "cat <<'END'\ntwo\n\nEND", List.of("two", ""), 0),
            new Step(14, "false", List.of(), 1),
            new Step(18, "true", List.of(), 0)),
        page.steps());
  }

  @Test
  void refusesAPageThatTestsNothing() {
    assertEquals(
        "page.md: no command in any ```console block, so it would test nothing",
        refused("# A page\n```sh\n$ true\n```\n"));
  }

  @Test
  void refusesABlockThatIsNeverClosed() {
    assertEquals(
        "page.md:2: this block is never closed; write ``` after it",
        refused("# A page\n```console\n$ true\n"));
  }

  @Test
  void refusesOutputBeforeACommand() {
    assertEquals(
        "page.md:2: output before any command; write the command as `$ command`",
        refused("```console\nhello\n```\n"));
  }

  private static String refused(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Page.parse("page.md", text))
            .getMessage());
  }
}
