package dev.bricolage.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, from its command line to what it prints. */
final class ToyTest {
  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private int status;

  @BeforeEach
  void copySample() throws IOException {
    for (String file : new String[] {"main.toy", "math.toy"}) {
      Files.createDirectories(folder.resolve("src"));
      Files.copy(Path.of("sample").resolve(file), folder.resolve("src").resolve(file));
    }
  }

  @Test
  void itTellsWhatItDidAndRunsMain() throws InterruptedException {
    assertEquals(
        """
        main() = 12
        Tokens    main.toy, math.toy
        Items     main.toy, math.toy
        Slice     main.toy main, math.toy gcd, math.toy lcm, math.toy limit, math.toy small
        Syntax    main.toy main, math.toy gcd, math.toy lcm, math.toy limit, math.toy small
        Scope     main.toy, math.toy
        Homes     main.toy [], main.toy [lcm small], math.toy [], math.toy [gcd], math.toy [limit]
        Signature main.toy main, math.toy gcd, math.toy lcm, math.toy limit, math.toy small
        Constant  math.toy limit
        Check     main.toy main, math.toy gcd, math.toy lcm, math.toy limit, math.toy small
        Code      main.toy main, math.toy gcd, math.toy lcm, math.toy small
        Program   [main.toy math.toy]
        37 ran, 0 recalled from the store
        """,
        toy("src"));
    assertEquals(0, status);
  }

  @Test
  void theNextProcessKnowsIt() throws InterruptedException, IOException {
    toy("src", "--store", "store");
    assertEquals(
        "main() = 12\n0 ran, 37 recalled from the store\n", toy("src", "--store", "store"));
    edit("math.toy", "6 * 7", "42 # the answer");
    assertEquals(
        """
        main() = 12
        Tokens    math.toy
        Items     math.toy
        Slice     math.toy gcd, math.toy lcm, math.toy limit, math.toy small
        Syntax    math.toy limit
        Scope     math.toy
        Signature math.toy limit
        Constant  math.toy limit
        Check     math.toy limit
        Program   [main.toy math.toy]
        12 ran, 25 recalled from the store
        """,
        toy("src", "--store", "store"));
  }

  @Test
  void mistakesAreToldWithTheirPlaces() throws InterruptedException, IOException {
    edit("main.toy", "else 0", "\n  else nothing");
    assertEquals(
        "main.toy:4: nothing is not defined here, nor in an imported file",
        toy("src").lines().findFirst().orElse(""));
    assertEquals(1, status);
    edit("math.toy", "6 * 7", "limit");
    assertEquals(
        "toy: cycle: Constant[file=math.toy, name=limit] → Constant[file=math.toy, name=limit]",
        toy("src").lines().findFirst().orElse(""));
    assertEquals(1, status);
  }

  @Test
  void aProgramMayHaveNothingToRunOrStop() throws InterruptedException, IOException {
    edit("main.toy", "main(", "start(");
    assertEquals(
        "compiled; there is no main() in main.toy to run",
        toy("src").lines().findFirst().orElse(""));
    edit("main.toy", "start()", "main(n: int)");
    assertEquals(
        "compiled; there is no main() in main.toy to run",
        toy("src").lines().findFirst().orElse(""));
    edit(
        "main.toy",
        "main(n: int): int = ",
        "main(): int = if 1 / (limit - limit) == 1 then 1 else ");
    assertEquals("toy: main() stopped: / by zero", toy("src").lines().findFirst().orElse(""));
    assertEquals(1, status);
  }

  @Test
  void whatHappenedIsDrawn() throws InterruptedException, IOException {
    toy("src", "--trace", "trace.json");
    String trace = Files.readString(folder.resolve("trace.json"));
    assertTrue(trace.startsWith("[") && trace.endsWith("]\n"), trace);
    assertTrue(trace.contains("Check[file=math.toy, name=gcd]"), trace);
  }

  @Test
  void aCommandLineThatMakesNoSenseIsTold() throws InterruptedException {
    String usage = "usage: toy FOLDER [--store FOLDER] [--trace FILE]\n";
    assertEquals("toy: which folder? " + usage, toy());
    assertEquals(64, status);
    assertEquals("toy: what is --color? " + usage, toy("src", "--color"));
    assertEquals("toy: --store must be followed by a path. " + usage, toy("src", "--store"));
    assertEquals("toy: there is no folder " + folder.resolve("sources") + "\n", toy("sources"));
    assertEquals(74, status);
  }

  /** What it prints, both streams in one. Words that are no options are paths below the folder. */
  private String toy(String... words) throws InterruptedException {
    printed.reset();
    String[] paths = words.clone();
    for (int i = 0; i < paths.length; i++) {
      paths[i] = paths[i].startsWith("-") ? paths[i] : folder.resolve(paths[i]).toString();
    }
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    status = new Toy(out, out).run(paths);
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void edit(String file, String part, String by) throws IOException {
    Path path = folder.resolve("src").resolve(file);
    String text = Files.readString(path);
    assertTrue(text.contains(part), text);
    Files.writeString(path, text.replace(part, by));
  }
}
