package dev.bricolage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plays pages, among them the ones that must fail. */
final class StageTest {
  @TempDir private Path folder = Path.of("");

  private void play(String... block) throws IOException, InterruptedException {
    String text = "```console\n" + String.join("\n", block) + "\n```\n";
    stage().play(Page.parse("page.md", text));
  }

  private Stage stage() {
    return new Stage(folder, List.of(), Map.of("GREETING", "hello"));
  }

  private String failure(String... block) {
    return String.valueOf(assertThrows(AssertionError.class, () -> play(block)).getMessage());
  }

  @Test
  void aSessionKeepsItsFolderAndItsVariables() throws IOException, InterruptedException {
    play(
        "$ mkdir project && cd project && name=world",
        "$ pwd",
        "/home/you/project",
        "$ echo $GREETING $name",
        "hello world",
        "$ cat",
        "$ printf 'no newline'; printf err >&2",
        "no newlineerr",
        "$ (exit 7)",
        "[exit 7]",
        "$ cat > f <<'END'",
        "> $name",
        "> END",
        "$ cat f",
        "$name");
  }

  @Test
  void anotherOutputFails() {
    assertEquals(
        """
        page.md:3: not as the page says
        $ printf 'a\\nc\\n'
          a
        - b
        + c
        """,
        failure("$ true", "$ printf 'a\\nc\\n'", "a", "b"));
  }

  @Test
  void outputThatThePageDoesNotHaveFails() {
    assertEquals(
        """
        page.md:2: not as the page says
        $ echo more
        + more
        """,
        failure("$ echo more"));
  }

  @Test
  void outputThatDoesNotComeFails() {
    assertEquals(
        """
        page.md:2: not as the page says
        $ true
        - more
        """,
        failure("$ true", "more"));
  }

  @Test
  void anotherStatusFails() {
    assertEquals(
        """
        page.md:2: not as the page says
        $ echo done; false
          done
        - [exit 0]
        + [exit 1]
        """,
        failure("$ echo done; false", "done"));
    assertEquals(
        """
        page.md:2: not as the page says
        $ true
        - [exit 3]
        + [exit 0]
        """,
        failure("$ true", "[exit 3]"));
  }

  @Test
  void aShellThatEndsFails() {
    assertEquals(
        "the shell ended, or was ended after 300 s, in: echo bye; exit 0\nbye\n",
        failure("$ echo bye; exit 0", "bye"));
  }

  @Test
  void theUsersOwnEnvironmentStaysOutside() throws IOException, InterruptedException {
    play("$ env | cut -d= -f1 | sort | grep -c -e SSH -e JAVA -e MAVEN", "0", "[exit 1]");
    assertEquals(true, Files.isDirectory(folder.resolve("home")));
  }
}
