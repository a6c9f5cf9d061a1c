package dev.bricolage.fronts.ninja.standing;

import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.store.host.Stat;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the last builds of one folder left: edges that came out well, and targets whose edges all
 * did. Immutable but for its grounds, which only grow.
 *
 * @param manifest by which it was built; of another one nothing is known
 * @param edges by their numbers
 * @param plans the edges that targets need, each after those it needs itself, all of them settled
 * @param named what was seen of paths that edges name
 * @param logs what lay at the places of ninja's logs when the build had ended
 * @param bornNanos by {@link System#nanoTime}
 */
public record Standing(
    Manifest manifest,
    Grounds grounds,
    Map<Integer, Settled> edges,
    Map<List<Integer>, Ints> plans,
    Named named,
    List<Stat> logs,
    long bornNanos) {

  /**
   * Paths outside of the build folder that edges name and none makes.
   *
   * @param besides those that were seen although they are ignored
   * @param missing those that were not there
   */
  public record Named(List<TreePath> besides, List<TreePath> missing) {
    static final Named NOTHING = new Named(List.of(), List.of());
  }

  /** What is in use in the store must be marked as used now and then, by asking. */
  private static final Duration MOST = Duration.ofMinutes(15);

  /** Nothing is known of a folder. */
  public static Standing nothing(Manifest manifest) {
    return new Standing(
        manifest, new Grounds(), Map.of(), Map.of(), Named.NOTHING, List.of(), System.nanoTime());
  }

  /** An edge, if it is settled. */
  public Optional<Settled> edge(int edge) {
    return Optional.ofNullable(edges.get(edge));
  }

  /** The edges that these targets need, if all of them are settled. */
  public Optional<Ints> plan(Ints targets) {
    return Optional.ofNullable(plans.get(targets.stream().boxed().toList()));
  }

  /** The numbers of all that these edges rest on. */
  public BitSet grounds(Ints of) {
    BitSet all = new BitSet(grounds.size());
    of.stream()
        .forEach(edge -> edge(edge).ifPresent(known -> known.grounds().stream().forEach(all::set)));
    return all;
  }

  /** Whether it is of this reading of a manifest: numbers mean nothing in another. */
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(Manifest other) {
    return manifest == other;
  }

  /** Whether it is too old to be gone by. */
  boolean isOld() {
    return System.nanoTime() - bornNanos > MOST.toNanos();
  }
}
