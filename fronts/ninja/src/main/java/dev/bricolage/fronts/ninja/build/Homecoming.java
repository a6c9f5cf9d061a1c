package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.workspace.Download;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which edges' outputs come into the workspace. The others stay in the store, or at the server that
 * has them, until an act here wants to read them.
 */
final class Homecoming {
  private final boolean all;
  private final BitSet wanted;

  private Homecoming(boolean all, BitSet wanted) {
    this.all = all;
    this.wanted = wanted;
  }

  /** Of a build of these targets. */
  static Homecoming of(Download download, Needs needs, Ints targets) {
    return switch (download) {
      case ALL -> new Homecoming(true, new BitSet());
      case TOPLEVEL -> new Homecoming(false, makers(needs, targets));
      case MINIMAL -> new Homecoming(false, new BitSet());
    };
  }

  /** Who makes these; a name that stands for others means them. */
  private static BitSet makers(Needs needs, Ints targets) {
    BitSet makers = new BitSet();
    Deque<Integer> paths = new ArrayDeque<>(targets.stream().boxed().toList());
    while (!paths.isEmpty()) {
      int path = paths.pop();
      int producer = needs.producer(path);
      if (producer == Manifest.NONE || makers.get(producer)) {
        continue;
      }
      makers.set(producer);
      if (needs.isPhony(path)) {
        for (int member : needs.inputs(producer)) {
          paths.push(member);
        }
      }
    }
    return makers;
  }

  /** Whether what this edge makes comes home. */
  boolean takes(int edge) {
    return all || wanted.get(edge);
  }

  /** Whether everything does. */
  boolean takesAll() {
    return all;
  }

  /** Brings home what an act is about to read, and what these edges have made is not there yet. */
  static void bring(Build build, List<Integer> edges) throws IOException {
    for (int edge : edges) {
      Made made = build.world().made(edge);
      if (!build.atHome().isThere(made)) {
        build.writeBack(Optional.empty()).apply(outcome(build, made));
      }
    }
  }

  private static Outcome outcome(Build build, Made made) {
    Set<TreePath> rewritten =
        made.changes().keySet().stream()
            .filter(build.world()::hasSource)
            .collect(Collectors.toSet());
    return new Outcome(
        0, made.changes(), rewritten, made.deleted(), Digest.EMPTY, Digest.EMPTY, List.of());
  }
}
