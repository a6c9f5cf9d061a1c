package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Toolset;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.remote.client.RemoteAction;
import dev.bricolage.remote.client.RemoteBlobs;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.RemoteTree;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Any server: the command runs in the tree of its inputs, wherever the worker lays it, and the
 * whole of it comes back. What it looked at is not told, so the run is not remembered here.
 */
final class PlainWork implements Dialect {
  private final RemoteBlobs blobs;
  private final SortedMap<String, String> platform;

  /** Asks for workers of this platform. */
  PlainWork(RemoteBlobs blobs, SortedMap<String, String> platform) {
    this.blobs = blobs;
    this.platform = platform;
  }

  /** Outputs are named from the working directory on, and not above it: so that is the top. */
  @Override
  public RemoteAction ask(Action action, Toolset tools) throws RemoteFailure {
    Command command = action.command();
    if (command.platform().containsKey("read-only")) {
      throw new RemoteFailure(
          Kind.REFUSED, "its workers cannot show folders of this machine, as --ro asks");
    }
    TreePath inside = TreeFacts.within(command.directory(), Machine.workspace(command));
    List<String> words = new ArrayList<>();
    if (!inside.equals(TreePath.ROOT)) {
      words.addAll(List.of("/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", inside.value()));
    }
    words.addAll(command.arguments());
    TreeMap<String, String> environment = new TreeMap<>(command.environment());
    environment.remove("PWD");
    return new RemoteAction(
        words,
        environment,
        TreePath.ROOT,
        List.of(),
        List.of(TreePath.ROOT),
        platform,
        action.timeout(),
        false,
        action.inputs().digest());
  }

  /** A failure may be the worker's, whose paths and programs are others: it is no answer. */
  @Override
  public Came read(Action action, RemoteResult result) throws RemoteFailure, InterruptedException {
    if (result.exitCode() != 0) {
      throw new RemoteFailure(
          Kind.REFUSED,
          "'%s' ended with %d on its worker"
              .formatted(String.join(" ", action.command().arguments()), result.exitCode()));
    }
    Outcome outcome = outcome(action.inputs(), after(result), result);
    return new Came(
        outcome, Set.of(), List.of(), Optional.of("the server does not tell what it looked at"));
  }

  private Tree after(RemoteResult result) throws RemoteFailure, InterruptedException {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    try {
      for (RemoteResult.OutputFolder folder : result.folders()) {
        Tree tree = RemoteTree.decode(message(folder.tree()));
        tree.forEach((path, entry) -> entries.put(below(folder.path(), path), entry));
      }
      return new Tree(entries);
    } catch (IllegalArgumentException e) {
      throw new RemoteFailure(Kind.BAD_ANSWER, String.valueOf(e.getMessage()), e);
    }
  }

  private static TreePath below(TreePath folder, TreePath path) {
    return folder.equals(TreePath.ROOT) ? path : new TreePath(folder.value() + "/" + path.value());
  }

  private byte[] message(Digest digest) throws RemoteFailure, InterruptedException {
    if (digest.equals(Digest.EMPTY)) {
      return new byte[0];
    }
    Map<Digest, byte[]> read = blobs.readAll(List.of(digest));
    byte[] message = read.get(digest);
    if (message == null) {
      throw new RemoteFailure(Kind.MISSING, "what it made is not there any more", List.of(digest));
    }
    return message;
  }

  private static Outcome outcome(Tree before, Tree after, RemoteResult result) {
    SortedMap<TreePath, Entry> changes = new TreeMap<>();
    List<TreePath> gone = new ArrayList<>();
    Set<TreePath> rewritten = new HashSet<>();
    before.difference(
        after,
        path -> {
          boolean replaced = kind(before, path).equals(kind(after, path));
          if (!replaced) {
            gone.add(path);
          }
        },
        path -> {
          changes.put(path, after.at(path).orElseThrow());
          if (before.at(path).isPresent()) {
            rewritten.add(path);
          }
        });
    return new Outcome(0, changes, rewritten, gone, result.stdout(), result.stderr(), List.of());
  }

  /** What kind of thing is there; one that is replaced by another kind goes before that comes. */
  private static Optional<Class<?>> kind(Tree tree, TreePath path) {
    return tree.at(path).map(Entry::getClass);
  }
}
