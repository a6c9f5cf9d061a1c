package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.execution.Work;
import dev.bricolage.remote.client.RemoteExecution.Listener;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.store.MemoryBlobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Actions as servers of each version want them, and trees as they send them. */
final class RemoteActionTest {
  private static final TreePath SUB = new TreePath("sub");

  private static RemoteAction action(Digest inputs) {
    SortedMap<String, String> environment = new TreeMap<>();
    environment.put("PATH", "/bin");
    environment.put("A", "");
    SortedMap<String, String> platform = new TreeMap<>();
    platform.put("OSFamily", "Linux");
    return new RemoteAction(
        List.of("cc", "-c", "a.c"),
        environment,
        SUB,
        List.of(new TreePath("b.o"), new TreePath("a.o")),
        List.of(new TreePath("aa")),
        platform,
        Optional.of(Duration.ofMillis(2500)),
        true,
        inputs);
  }

  private static RemoteCapabilities version(int minor) {
    return new RemoteCapabilities(
        minor,
        true,
        true,
        true,
        1000,
        1000,
        false,
        false,
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty());
  }

  private static Reapi.Action readAction(RemoteAction.Encoded encoded) throws Exception {
    return Reapi.Action.parseFrom(encoded.action());
  }

  @Test
  @SuppressWarnings("deprecation") // that is the point
  void anOldServerIsToldWhatIsAFileAndWhatAFolder() throws Exception {
    RemoteAction.Encoded encoded = action(Digest.EMPTY).encode(version(0));
    Reapi.Command command = Reapi.Command.parseFrom(encoded.command());
    assertEquals(List.of("a.o", "b.o"), command.getOutputFilesList());
    assertEquals(List.of("aa"), command.getOutputDirectoriesList());
    assertEquals(List.of(), command.getOutputPathsList());
    assertEquals("OSFamily", command.getPlatform().getProperties(0).getName());
    assertEquals(false, readAction(encoded).hasPlatform());
  }

  @Test
  @SuppressWarnings("deprecation") // the platform stands in both places
  void aNewOneIsToldPaths() throws Exception {
    RemoteAction.Encoded encoded = action(Digest.EMPTY).encode(version(2));
    Reapi.Command command = Reapi.Command.parseFrom(encoded.command());
    assertEquals(List.of("a.o", "aa", "b.o"), command.getOutputPathsList());
    assertEquals(List.of(), command.getOutputFilesList());
    assertEquals("sub", command.getWorkingDirectory());
    assertEquals(List.of("cc", "-c", "a.c"), command.getArgumentsList());
    assertEquals("A", command.getEnvironmentVariables(0).getName());
    Reapi.Action action = readAction(encoded);
    assertEquals(command.getPlatform(), action.getPlatform());
    assertEquals(Digest.of(encoded.command()).hex(), action.getCommandDigest().getHash());
    assertEquals(2, action.getTimeout().getSeconds());
    assertEquals(500_000_000, action.getTimeout().getNanos());
    assertEquals(true, action.getDoNotCache());
  }

  @Test
  void treesAreReadAndWritten() {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    entries.put(new TreePath("a/b/c"), new Entry.File(Digest.of("c"), true));
    entries.put(new TreePath("a/l"), new Entry.Link("b"));
    entries.put(new TreePath("same/b/c"), new Entry.File(Digest.of("c"), true));
    entries.put(new TreePath("empty"), new Entry.Folder());
    Tree tree = new Tree(entries);
    assertEquals(tree, RemoteTree.decode(RemoteTree.encode(tree)));
    assertEquals(Tree.EMPTY, RemoteTree.decode(RemoteTree.encode(Tree.EMPTY)));
    assertEquals(Tree.EMPTY, RemoteTree.decode(new byte[0]));
  }

  @Test
  void aTreeThatLacksAFolderIsNone() {
    Digest nowhere = Digest.of("nowhere");
    Reapi.Tree.Builder tree = Reapi.Tree.newBuilder();
    tree.getRootBuilder()
        .addDirectoriesBuilder()
        .setName("a")
        .getDigestBuilder()
        .setHash(nowhere.hex())
        .setSizeBytes(nowhere.size());
    assertEquals(
        "not a whole tree: the folder a of it, %s, is missing".formatted(nowhere),
        assertThrows(
                IllegalArgumentException.class, () -> RemoteTree.decode(tree.build().toByteArray()))
            .getMessage());
    tree.getRootBuilder().getDirectoriesBuilder(0).setName("..");
    assertThrows(
        IllegalArgumentException.class, () -> RemoteTree.decode(tree.build().toByteArray()));
    assertThrows(IllegalArgumentException.class, () -> RemoteTree.decode(new byte[] {10, 99}));
  }

  @Test
  void ourOwnServerRunsIt() throws Exception {
    List<Work> seen = new ArrayList<>();
    MemoryBlobs store = new MemoryBlobs();
    Digest source = store.put("int main".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    SortedMap<TreePath, Entry> inputs = new TreeMap<>();
    inputs.put(SUB.child("a.c"), new Entry.File(source, false));
    Tree tree = new Tree(inputs);
    tree.encoded().forEach(store::put);
    SortedMap<TreePath, Entry> changes = new TreeMap<>();
    changes.put(SUB.child("a.o"), new Entry.File(source, false));
    changes.put(SUB.child("aa"), new Entry.Folder());
    changes.put(SUB.child("aa").child("x"), new Entry.Link("y"));
    Outcome outcome =
        new Outcome(0, changes, Set.of(), List.of(), Digest.EMPTY, Digest.EMPTY, List.of());
    try (OurServer server =
            new OurServer(
                Optional.of((work, progress) -> {
                  seen.add(work);
                  progress.started();
                  return new Executed.Finished(outcome, Instant.EPOCH, Instant.EPOCH, false);
                }));
        Remote remote = Remote.open(server.options(), warning -> {})) {
      RemoteAction.Encoded encoded = action(tree.digest()).encode(remote.capabilities());
      Listener listener = new Listener() {};
      RemoteFailure missing =
          assertThrows(
              RemoteFailure.class,
              () -> remote.execution().run(encoded.digest(), false, 0, listener));
      assertEquals(Kind.MISSING, missing.kind());
      assertEquals(Set.of(encoded.digest()), missing.missing());

      Set<Digest> all =
          Set.of(
              store.put(encoded.action()),
              store.put(encoded.command()),
              source,
              tree.digest(),
              Digest.of(tree.encoded().getFirst()));
      remote.blobs().upload(all, store);
      RemoteResult result = remote.execution().run(encoded.digest(), false, 0, listener);
      assertEquals(
          List.of(new RemoteResult.OutputFile(new TreePath("a.o"), source, false)), result.files());
      Digest folder = result.folders().getFirst().tree();
      byte[] bytes = remote.blobs().readAll(List.of(folder)).getOrDefault(folder, new byte[0]);
      assertEquals(
          Optional.of(new Entry.Link("y")), RemoteTree.decode(bytes).at(new TreePath("x")));
      assertEquals(List.of("cc", "-c", "a.c"), seen.getFirst().arguments());
      assertEquals(SUB, seen.getFirst().directory());
      assertEquals(Optional.of(Duration.ofMillis(2500)), seen.getFirst().timeout());
    }
  }
}
