package dev.bricolage.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no noun is refused, and by {@link IllegalArgumentException} alone. */
final class RefusalTest {
  private static final int MUTANTS = 20_000;

  private static String refusal(Executable made) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, made).getMessage());
  }

  @Test
  void anyBytesAreADirectoryOrRefused() {
    fuzz(
        grove -> {
          List<byte[]> encoded = grove.tree().encoded();
          return encoded.getLast();
        },
        bytes -> Directory.decode(bytes).encode());
  }

  @Test
  void anyBytesAreAnOutcomeOrRefused() {
    fuzz(grove -> grove.outcome().encode(), bytes -> Outcome.decode(bytes).encode());
  }

  /** What is read is written so that it reads the same again. */
  private static void fuzz(Function<Grove, byte[]> noun, Function<byte[], byte[]> again) {
    int refused = 0;
    int read = 0;
    for (long seed = 0; seed < MUTANTS; seed++) {
      Grove grove = new Grove(seed);
      byte[] mutant = grove.mutated(noun.apply(grove));
      try {
        byte[] written = again.apply(mutant);
        assertTrue(written.length <= mutant.length + 200, "seed " + seed);
        assertEquals(hex(written), hex(again.apply(written)), "seed " + seed);
        read++;
      } catch (IllegalArgumentException e) {
        refused++;
      } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + hex(mutant), e);
      }
    }
    assertTrue(refused > 500 && read > 500, refused + " refused, " + read + " read");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "'0a', 'not a protobuf message: it ends too early'",
    "'0aff', 'not a protobuf message: it ends too early'",
    "'0a05', 'not a protobuf message: it ends too early'",
    "'0affffffff07', 'not a protobuf message: it ends too early'",
    "'0affffffffffffffffff01', 'not a protobuf message: it ends too early'",
    "'0affffffffffffffffffff01', 'not a protobuf message: a number of over 64 bits'",
    "'0d', 'not a protobuf message: it ends too early'",
    "'0b', 'not a protobuf message: wire type of 11'",
    "'0c', 'not a protobuf message: wire type of 12'",
    "'02', 'not a protobuf message: field number of 2'",
    "'8a8080801000', 'not a protobuf message: field number of 4294967306'",
    "'0800', 'not such a message: field 1 is not bytes'",
    "'1a040a02c328', 'not such a message: field 1 is not UTF-8'",
    "'1a050a0161100a', 'not such a message: field 2 is not bytes'",
    "'0a030a0161', 'not a digest (64 hex digits, slash, size): /0'",
    "'1a03120161', 'not a path inside a tree: '''' (a part of it is '''')'",
    "'1a050a03612f62', 'not the name of an entry, it has a slash: ''a/b'''",
    "'1a040a022e2e', 'not a path inside a tree: ''..'' (a part of it is ''..'')'",
    "'1a030a01611a030a0161', 'two entries of a folder have the name ''a'''",
  })
  void aDirectoryThatIsNone(String message, String told) {
    byte[] bytes = HexFormat.of().parseHex(message);
    assertEquals(told, refusal(() -> Directory.decode(bytes)));
  }

  @Test
  void fieldsThatWeDoNotKnowAreSkipped() {
    byte[] bytes =
        HexFormat.of().parseHex("2a03616263" + "3007" + "3d01020304" + "410102030405060708");
    assertEquals(Directory.EMPTY, Directory.decode(bytes));
  }

  @Test
  void aNameOfAFileAndAFolderAtOnce() {
    List<Directory.FileNode> files = List.of(new Directory.FileNode("x", Digest.EMPTY, false));
    List<Directory.DirectoryNode> folders = List.of(new Directory.DirectoryNode("x", Digest.EMPTY));
    assertEquals(
        "two entries of a folder have the name 'x'",
        refusal(() -> new Directory(files, folders, List.of())));
  }

  @Test
  void aTextThatUtf8CannotHold() {
    Command command = new Command(List.of("cc", "\ud800"), new TreeMap<>(), "/", new TreeMap<>());
    assertEquals("not a text that UTF-8 can hold: '\ud800'", refusal(command::encode));
  }

  @Test
  void aCommandWithoutAProgram() {
    assertEquals(
        "a command needs a program to run",
        refusal(() -> new Command(List.of(), new TreeMap<>(), "/", new TreeMap<>())));
  }

  @Test
  void aNegativeTimeLimit() {
    Command command = new Command(List.of("cc"), new TreeMap<>(), "/", new TreeMap<>());
    Optional<Duration> limit = Optional.of(Duration.ofMillis(-1_500));
    assertEquals(
        "a time limit cannot be negative: PT-1.5S",
        refusal(() -> new Action(command, Tree.EMPTY, limit)));
  }

  @Test
  void aNegativeStretchOfOutput() {
    assertEquals(
        "a stretch of output cannot be shorter than nothing: -1",
        refusal(() -> new Outcome.Span(true, -1)));
  }

  @Test
  void anOutcomeThatDeletesTheWorkspace() {
    assertEquals(
        "an outcome cannot change the workspace's own root",
        refusal(() ->
            new Outcome(
                0,
                new TreeMap<>(),
                Set.of(),
                new ArrayList<>(List.of(TreePath.ROOT)),
                Digest.EMPTY,
                Digest.EMPTY,
                List.of())));
  }
}
