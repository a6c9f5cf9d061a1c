package dev.bricolage.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DynamicMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Our encodings against protobuf's own runtime, byte for byte: what it writes for a message built
 * from the same values, and what it writes again after reading ours.
 */
final class EncodingTest {
  private static final int SEEDS = 2_000;

  private static void assertCanonical(String where, DynamicMessage expected, byte[] ours) {
    String type = expected.getDescriptorForType().getName();
    assertArrayEquals(Reapi.serialize(expected), ours, where + " " + type);
    assertReread(where, type, ours);
  }

  private static DynamicMessage assertReread(String where, String type, byte[] ours) {
    DynamicMessage read = Reapi.parse(type, ours);
    assertArrayEquals(Reapi.serialize(read), ours, where + " " + type + ", read again");
    return read;
  }

  private static DynamicMessage message(Directory directory) {
    List<DynamicMessage> files = new ArrayList<>();
    for (Directory.FileNode file : directory.files()) {
      files.add(fileNode("FileNode", "name", file.name(), file.digest(), file.executable()));
    }
    List<DynamicMessage> folders = new ArrayList<>();
    for (Directory.DirectoryNode folder : directory.directories()) {
      DynamicMessage digest = Reapi.digest(folder.digest());
      folders.add(Reapi.of("DirectoryNode", "name", folder.name(), "digest", digest));
    }
    List<DynamicMessage> links = new ArrayList<>();
    for (Directory.SymlinkNode link : directory.symlinks()) {
      links.add(Reapi.of("SymlinkNode", "name", link.name(), "target", link.target()));
    }
    return Reapi.of("Directory", "files", files, "directories", folders, "symlinks", links);
  }

  private static DynamicMessage fileNode(
      String type, String place, String path, Digest digest, boolean executable) {
    return Reapi.of(type, place, path, "digest", Reapi.digest(digest), "is_executable", executable);
  }

  private static DynamicMessage message(Command command) {
    DynamicMessage message =
        Reapi.of(
            "Command",
            "arguments",
            command.arguments(),
            "environment_variables",
            properties(command.environment()),
            "working_directory",
            command.directory());
    if (command.platform().isEmpty()) {
      return message;
    }
    DynamicMessage platform = Reapi.of("Platform", "properties", properties(command.platform()));
    return message.toBuilder().setField(Reapi.field(message, "platform"), platform).build();
  }

  private static List<DynamicMessage> properties(Map<String, String> map) {
    List<DynamicMessage> properties = new ArrayList<>();
    map.forEach(
        (name, value) -> properties.add(Reapi.of("Property", "name", name, "value", value)));
    return properties;
  }

  private static DynamicMessage message(Action action) {
    DynamicMessage message =
        Reapi.of(
            "Action",
            "command_digest",
            Reapi.digest(Digest.of(Reapi.serialize(message(action.command())))),
            "input_root_digest",
            Reapi.digest(action.inputs().digest()));
    if (action.timeout().isEmpty()) {
      return message;
    }
    Duration limit = action.timeout().get();
    DynamicMessage timeout =
        Reapi.of("Duration", "seconds", limit.getSeconds(), "nanos", limit.getNano());
    return message.toBuilder().setField(Reapi.field(message, "timeout"), timeout).build();
  }

  @Test
  void foldersOfTrees() {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (byte[] encoded : new Grove(seed).tree().encoded()) {
        Directory read = Directory.decode(encoded);
        assertCanonical("seed " + seed, message(read), encoded);
        assertArrayEquals(encoded, read.encode());
      }
    }
  }

  @Test
  void commandsAndActions() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Action action = new Grove(seed).action();
      assertCanonical("seed " + seed, message(action.command()), action.command().encode());
      assertCanonical("seed " + seed, message(action), action.encode());
      assertEquals(Digest.of(action.encode()), action.digest());
      assertEquals(Digest.of(action.command().encode()), action.command().digest());
    }
  }

  @Test
  void outcomes() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Outcome outcome = new Grove(seed).outcome();
      DynamicMessage read = assertReread("seed " + seed, "ActionResult", outcome.encode());
      assertEquals(outcome.exitCode(), Reapi.get(read, "exit_code"));
      assertEquals(Reapi.digest(outcome.stdout()), Reapi.get(read, "stdout_digest"));
      assertEquals(Reapi.digest(outcome.stderr()), Reapi.get(read, "stderr_digest"));
      assertEquals(outputFiles(outcome), Reapi.get(read, "output_files"));
      assertEquals(outputLinks(outcome), Reapi.get(read, "output_symlinks"));
      assertEquals(outcome, Outcome.decode(outcome.encode()), "seed " + seed);
    }
  }

  private static List<DynamicMessage> outputFiles(Outcome outcome) {
    List<DynamicMessage> files = new ArrayList<>();
    outcome
        .changes()
        .forEach((path, entry) -> {
          if (entry instanceof Entry.File file) {
            files.add(
                fileNode("OutputFile", "path", path.value(), file.digest(), file.executable()));
          }
        });
    return files;
  }

  private static List<DynamicMessage> outputLinks(Outcome outcome) {
    List<DynamicMessage> links = new ArrayList<>();
    outcome
        .changes()
        .forEach((path, entry) -> {
          if (entry instanceof Entry.Link link) {
            links.add(Reapi.of("OutputSymlink", "path", path.value(), "target", link.target()));
          }
        });
    return links;
  }

  @Test
  void digestsOfEverySize() {
    for (long size : new long[] {0, 1, 127, 128, 1L << 31, 1L << 32, Long.MAX_VALUE}) {
      Digest digest = new Digest(1, 2, 3, 4, size);
      Directory.FileNode file = new Directory.FileNode("f", digest, true);
      Directory directory = new Directory(List.of(file), List.of(), List.of());
      assertCanonical("size " + size, message(directory), directory.encode());
      assertEquals(directory, Directory.decode(directory.encode()));
    }
  }

  @Test
  void statusesOfEverySign() {
    for (int status : new int[] {0, 1, 127, 128, 255, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      Outcome outcome =
          new Outcome(
              status, new TreeMap<>(), Set.of(), List.of(), Digest.EMPTY, Digest.EMPTY, List.of());
      DynamicMessage read = assertReread("status " + status, "ActionResult", outcome.encode());
      assertEquals(status, Reapi.get(read, "exit_code"));
      assertEquals(outcome, Outcome.decode(outcome.encode()));
    }
  }

  @Test
  void anOrderForeignToReapiDoesNotReachTheBytes() {
    SortedMap<String, String> plain = new TreeMap<>(Map.of("a", "1", "B", "2"));
    SortedMap<String, String> reversed = new TreeMap<>(Comparator.reverseOrder());
    reversed.putAll(plain);
    Command command = new Command(List.of("cc"), plain, "/build", plain);
    Command other = new Command(List.of("cc"), reversed, "/build", reversed);
    assertEquals(command, other);
    assertEquals(command.digest(), other.digest());
  }

  @Test
  void variablesAreSortedByUtf8Bytes() {
    SortedMap<String, String> variables = new TreeMap<>(Map.of("\uff5e", "1", "\ud83d\ude00", "2"));
    assertEquals("\ud83d\ude00", variables.firstKey(), "as Java sorts");
    Command command = new Command(List.of("cc"), variables, "/build", new TreeMap<>());
    assertEquals("\uff5e", command.environment().firstKey(), "as REAPI sorts");
  }

  @Test
  void noTimeLimitIsNotALimitOfNothing() {
    Command command = new Command(List.of("cc"), new TreeMap<>(), "", new TreeMap<>());
    Action none = new Action(command, Tree.EMPTY, Optional.empty());
    Action zero = new Action(command, Tree.EMPTY, Optional.of(Duration.ZERO));
    assertCanonical("none", message(none), none.encode());
    assertCanonical("zero", message(zero), zero.encode());
    assertEquals(none.encode().length + 2, zero.encode().length);
  }
}
