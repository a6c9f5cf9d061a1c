package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.fronts.ninja.standing.Settled;
import dev.bricolage.fronts.ninja.standing.Standing;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.View;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which edges of one build have come out how, and which of them need not be asked because an
 * earlier build has settled them.
 */
final class Settling {
  private final Standing earlier;
  private final Needs needs;
  private final Blobs blobs;
  private final BitSet holding;
  private final Map<Integer, Digest> stamps = new ConcurrentHashMap<>();
  private final Map<Integer, Settled> settled;
  private final Map<List<Integer>, Ints> plans = new HashMap<>();
  private final Set<Integer> came = ConcurrentHashMap.newKeySet();
  private final BitSet lookedAt = new BitSet();
  private final BitSet isNotRun = new BitSet();
  private volatile boolean changed;

  private Settling(Standing earlier, Needs needs, Blobs blobs, BitSet holding) {
    this.earlier = earlier;
    this.needs = needs;
    this.blobs = blobs;
    this.holding = holding;
    this.settled = new ConcurrentHashMap<>(earlier.edges());
  }

  /** Nothing is known, and nothing is kept. */
  static Settling anew(Needs needs, Blobs blobs) {
    return new Settling(Standing.nothing(needs.manifest()), needs, blobs, new BitSet());
  }

  /** Goes on from an earlier build, as far as what that rests on holds in today's view. */
  static Settling after(Standing earlier, Needs needs, Blobs blobs, View today)
      throws IOException, InterruptedException {
    BitSet asked = new BitSet();
    earlier.edges().values().forEach(edge -> edge.grounds().stream().forEach(asked::set));
    return new Settling(earlier, needs, blobs, earlier.grounds().holding(asked, today));
  }

  /** What edges found in the earlier build is waited for, if they may come out as they did. */
  void findAgain() {
    if (needs.hasDyndeps()) {
      return; // what a dyndep file says today may need it the other way round
    }
    for (Map.Entry<Integer, Settled> edge : earlier.edges().entrySet()) {
      if (holds(edge.getValue())) {
        for (int path : edge.getValue().found()) {
          needs.find(edge.getKey(), path);
        }
      }
    }
  }

  /**
   * Those it needs have ended. What it made, if it comes out as an earlier build has it; else it
   * must be asked, as if it had never been built.
   *
   * @param comesHome whether that must lie in the workspace
   */
  Optional<Made> known(int edge, AtHome atHome, boolean comesHome) throws IOException {
    if (lookedAt.get(edge)) {
      return Optional.empty();
    }
    lookedAt.set(edge);
    Optional<Settled> before = earlier.edge(edge);
    boolean same =
        before.isPresent() && holds(before.get()) && before.get().below().equals(below(edge));
    if (!same) {
      needs.forgetFound(edge);
      return Optional.empty();
    }
    Made made = before.get().made();
    boolean lies = !comesHome || (atHome.isThere(made) && atHome.isNewer(edge));
    if (!lies || !isStored(made)) {
      return Optional.empty();
    }
    stamps.put(edge, before.get().stamp());
    return Optional.of(made);
  }

  private boolean holds(Settled edge) {
    return !edge.grounds().isEmpty() && edge.grounds().stream().allMatch(holding::get);
  }

  private boolean isStored(Made made) {
    return blobs
        .lacking(
            made.changes().values().stream()
                .filter(Entry.File.class::isInstance)
                .map(entry -> ((Entry.File) entry).digest())
                .toList())
        .isEmpty();
  }

  /** A phony edge is as what it names; what a generator made are sources. */
  void isNotRun(int edge) {
    isNotRun.set(edge);
    stamps.put(edge, below(edge));
  }

  /** An act is due anew each time it is asked for, and no edge that is settled needs it. */
  void isAct(int edge) {
    stamps.put(edge, below(edge));
  }

  /**
   * An edge came out well.
   *
   * @param grounds what that rests on besides what the edges below made; empty if not known
   */
  void came(int edge, Made made, List<Step> grounds) {
    Settled now =
        new Settled(
            earlier.grounds().number(grounds), below(edge), made, List.copyOf(needs.found(edge)));
    came.add(edge);
    if (!now.equals(settled.put(edge, now))) {
      changed = true;
    }
    stamps.put(edge, now.stamp());
  }

  private Digest below(int edge) {
    List<Digest> below = new ArrayList<>();
    needs.producers(edge).sorted().forEach(producer -> below.add(stamp(producer)));
    return Settled.stamp(below);
  }

  private Digest stamp(int edge) {
    return Objects.requireNonNull(stamps.get(edge), "an edge was to wait for another");
  }

  /**
   * All of these targets is made.
   *
   * @param order the edges they need, each after those it needs itself
   */
  void whole(Ints targets, Ints order) {
    if (!needs.hasDyndeps() && order.stream().allMatch(this::isSettled)) {
      plans.put(targets.stream().boxed().toList(), order);
    }
  }

  /**
   * What is known when the build has ended, well or not.
   *
   * @param entered the edges that ninja's logs were told of; one that came and was cut off before
   *     that is not settled, or the logs would never hear of it
   * @param seen what was seen of paths that edges name
   * @param logs what lies at the places of ninja's logs
   */
  Standing ended(Set<Integer> entered, Standing.Named seen, List<Stat> logs) {
    for (int edge : came) {
      if (!entered.contains(edge)) {
        settled.remove(edge);
        changed = true;
      }
    }
    if (!changed) {
      earlier.plans().forEach(plans::putIfAbsent);
    }
    return new Standing(
        needs.manifest(),
        earlier.grounds(),
        Map.copyOf(settled),
        Map.copyOf(plans),
        seen,
        logs,
        earlier.bornNanos());
  }

  private boolean isSettled(int edge) {
    if (!stamps.containsKey(edge)) {
      return false;
    }
    Settled known = settled.get(edge);
    return isNotRun.get(edge) || (known != null && !known.grounds().isEmpty());
  }
}
