package dev.bricolage.toy.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.testkit.Page;
import dev.bricolage.testkit.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual's page about the library: its code is code from here, its sessions are played. */
final class LibraryPageTest {
  private static final Path PAGE = Path.of("../../docs/manual/library.md");
  private static final Pattern CODE = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

  @TempDir private Path folder = Path.of("");

  @Test
  void everyPieceOfCodeIsFromAFileThatCompiles() throws IOException {
    String page = Files.readString(PAGE);
    List<String> pieces = CODE.matcher(page).results().map(LibraryPageTest::inner).toList();
    assertTrue(pieces.size() >= 10, "pieces: " + pieces.size());
    assertEquals(List.of(), strangers(pieces));
  }

  @Test
  void aPieceThatIsNotIsFound() throws IOException {
    String piece = "String text = fetch.fetch(new Words(name));";
    assertEquals(List.of(piece), strangers(List.of("record  Text(String name)\n", piece)));
  }

  /** Blocks of text that begin with a command are sessions of a shell that has {@code toy}. */
  @Test
  void theSessionsGoAsThePageSays() throws IOException, InterruptedException {
    Stage stage = new Stage(folder.resolve("stage"), List.of(programs()), Map.of());
    Path sample = stage.home().resolve("examples/toy-compiler/sample");
    Files.createDirectories(sample);
    for (String file : List.of("main.toy", "math.toy")) {
      Files.copy(Path.of("sample").resolve(file), sample.resolve(file));
    }
    String page = Files.readString(PAGE).replace("```text\n$ ", "```console\n$ ");
    Page session = Page.parse("library.md", page);
    assertTrue(session.steps().size() >= 6, "steps: " + session.steps().size());
    stage.play(session);
  }

  private static String inner(MatchResult block) {
    return block.group(1);
  }

  /** Those that are in no source file of the example, whatever their blanks. */
  private static List<String> strangers(List<String> pieces) throws IOException {
    List<String> sources = sources();
    return pieces.stream()
        .filter(piece -> sources.stream().noneMatch(source -> source.contains(plain(piece))))
        .toList();
  }

  private static List<String> sources() throws IOException {
    // Not this file, or the strangers in it would be at home.
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(
              file -> file.toString().endsWith(".java") && !file.endsWith("LibraryPageTest.java"))
          .map(LibraryPageTest::read)
          .map(LibraryPageTest::plain)
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }

  /** A folder with {@code toy}, which is a process of its own with this one's classes. */
  private Path programs() throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home", "")).resolve("bin/java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--"))
        .forEach(words::add);
    words.add("-cp");
    words.add(System.getProperty("java.class.path", ""));
    words.add("dev.bricolage.toy.Toy");
    String line =
        words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ", "exec ", ""));
    Path toy = Files.createDirectories(folder.resolve("bin")).resolve("toy");
    Files.writeString(toy, "#!/bin/sh\n" + line + " \"$@\"\n");
    assertTrue(toy.toFile().setExecutable(true));
    return toy.resolveSibling(".").normalize();
  }
}
