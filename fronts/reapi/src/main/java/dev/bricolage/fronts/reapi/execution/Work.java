package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One action to be run, in our own nouns. All blobs of its inputs are in the store.
 *
 * @param tenant the instance that asks
 * @param action the digest of REAPI's {@code Action}
 * @param arguments the program and its arguments, at least one
 * @param environment every variable that it sees
 * @param directory where it runs, a folder of {@code inputs}
 * @param platform what it wants of the machine; of a property that stands twice the last
 * @param inputs the tree it runs in, with the folders that its outputs will stand in
 * @param timeout how long it may take
 * @param mayBeRemembered false when the client wants it run now, whatever is remembered of it
 * @param priority lower is sooner; 0 is usual
 */
public record Work(
    String tenant,
    Digest action,
    List<String> arguments,
    SortedMap<String, String> environment,
    TreePath directory,
    SortedMap<String, String> platform,
    Tree inputs,
    Optional<Duration> timeout,
    boolean mayBeRemembered,
    int priority) {
  /** Only a house like ours sends this property, and only beside it others mean what ours mean. */
  private static final String OURS = "bric-machine";

  /** Whether a house like ours asks, which has the whole workspace run and wants all that came. */
  public boolean isOurs() {
    return platform.containsKey(OURS);
  }
}
