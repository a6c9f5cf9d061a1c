package dev.bricolage.fronts.reapi.execution;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.Command.OutputDirectoryFormat;
import dev.bricolage.remote.protocol.Reapi.ExecutedActionMetadata;
import dev.bricolage.remote.protocol.Reapi.OutputDirectory;
import dev.bricolage.remote.protocol.Reapi.OutputSymlink;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes REAPI's result of an outcome: of all that changed, only what the client wants. */
final class ResultWriter {
  private final TenantBlobs blobs;
  private final Wanted wanted;
  private final SortedMap<TreePath, Entry> after;
  private final ActionResult.Builder result = ActionResult.newBuilder();

  private ResultWriter(TenantBlobs blobs, Wanted wanted, SortedMap<TreePath, Entry> after) {
    this.blobs = blobs;
    this.wanted = wanted;
    this.after = after;
  }

  /** The result; what describes its folders is stored on the way. */
  static ActionResult write(
      TenantBlobs blobs, Tree inputs, Wanted wanted, Executed.Finished finished) {
    Outcome outcome = finished.outcome();
    ResultWriter writer = new ResultWriter(blobs, wanted, after(inputs, outcome));
    wanted.outputs().forEach(writer::add);
    writer
        .result
        .setExitCode(outcome.exitCode())
        .setStdoutDigest(Digests.write(outcome.stdout()))
        .setStderrDigest(Digests.write(outcome.stderr()));
    writer.result.setExecutionMetadata(metadata(finished));
    return writer.result.build();
  }

  /** Who ran it, and when. */
  static ExecutedActionMetadata.Builder metadata(Executed.Finished finished) {
    return ExecutedActionMetadata.newBuilder()
        .setWorker("bricolage")
        .setWorkerStartTimestamp(timestamp(finished.started()))
        .setExecutionStartTimestamp(timestamp(finished.started()))
        .setExecutionCompletedTimestamp(timestamp(finished.ended()))
        .setWorkerCompletedTimestamp(timestamp(finished.ended()));
  }

  /** What a command had written when its time was up. */
  static ActionResult write(Executed.TimedOut timedOut) {
    return ActionResult.newBuilder()
        .setExitCode(-1)
        .setStdoutDigest(Digests.write(timedOut.stdout()))
        .setStderrDigest(Digests.write(timedOut.stderr()))
        .build();
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /** The tree as the command left it. */
  private static SortedMap<TreePath, Entry> after(Tree inputs, Outcome outcome) {
    SortedMap<TreePath, Entry> after = new TreeMap<>(inputs.entries());
    for (TreePath gone : outcome.deleted()) {
      removeBelow(after, gone);
    }
    outcome
        .changes()
        .forEach((path, entry) -> {
          if (!(entry instanceof Entry.Folder)) {
            removeBelow(after, path);
          }
          after.put(path, entry);
        });
    return after;
  }

  /**
   * A path's children do not follow it at once: {@code a-b} comes between {@code a} and {@code
   * a/b}.
   */
  private static void removeBelow(SortedMap<TreePath, Entry> entries, TreePath path) {
    entries.remove(path);
    entries.subMap(first(path), end(path)).clear();
  }

  private static TreePath first(TreePath folder) {
    return new TreePath(folder.value() + "/\u0001");
  }

  /** A zero is the character after the slash. */
  private static TreePath end(TreePath folder) {
    return new TreePath(folder.value() + "0");
  }

  private void add(Wanted.Output output) {
    TreePath place = wanted.place(output);
    Entry entry = place.equals(TreePath.ROOT) ? new Entry.Folder() : after.get(place);
    switch (entry) {
      case null -> {} // it was not made, and the client will say so
      case Entry.File file ->
          result
              .addOutputFilesBuilder()
              .setPath(output.path())
              .setDigest(Digests.write(file.digest()))
              .setIsExecutable(file.executable());
      case Entry.Link link -> addLink(output, link);
      case Entry.Folder folder -> addFolder(output, place);
    }
  }

  @SuppressWarnings("deprecation") // clients before 2.1
  private void addLink(Wanted.Output output, Entry.Link link) {
    OutputSymlink symlink =
        OutputSymlink.newBuilder().setPath(output.path()).setTarget(link.target()).build();
    switch (output.kind()) {
      case ANY -> result.addOutputSymlinks(symlink);
      case FILE -> result.addOutputFileSymlinks(symlink);
      case FOLDER -> result.addOutputDirectorySymlinks(symlink);
    }
  }

  private void addFolder(Wanted.Output output, TreePath place) {
    List<byte[]> folders = below(place).encoded();
    byte[] root = folders.getLast();
    OutputDirectory.Builder directory =
        result
            .addOutputDirectoriesBuilder()
            .setPath(output.path())
            .setTreeDigest(Digests.write(put(tree(folders).toByteArray())));
    if (wanted.format() != OutputDirectoryFormat.TREE_ONLY) {
      folders.forEach(this::put);
      directory.setRootDirectoryDigest(Digests.write(Digest.of(root)));
    }
  }

  private Tree below(TreePath place) {
    if (place.equals(TreePath.ROOT)) {
      return new Tree(after);
    }
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    int prefix = place.value().length() + 1;
    after
        .subMap(first(place), end(place))
        .forEach((path, entry) -> entries.put(new TreePath(path.value().substring(prefix)), entry));
    return new Tree(entries);
  }

  /** Folders come children first, the root last; the message has the root first, each once. */
  private static Reapi.Tree tree(List<byte[]> folders) {
    Reapi.Tree.Builder tree = Reapi.Tree.newBuilder().setRoot(parsed(folders.getLast()));
    Set<Reapi.Directory> children = new LinkedHashSet<>();
    folders.subList(0, folders.size() - 1).forEach(folder -> children.add(parsed(folder)));
    return tree.addAllChildren(children).build();
  }

  private static Reapi.Directory parsed(byte[] folder) {
    try {
      return Reapi.Directory.parseFrom(folder);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("our own encoding of a folder cannot be read", e);
    }
  }

  private Digest put(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    blobs.put(digest, bytes);
    return digest;
  }
}
