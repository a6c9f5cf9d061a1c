package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Digest;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Listener;
import dev.bricolage.action.event.Product;
import dev.bricolage.action.event.Target;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells a listener of a build: what it is of, its edges as they end, its targets as they come. To
 * nobody it tells nothing, at no cost.
 */
public final class Herald {
  private final Listener listener;
  private Optional<Asked> asked = Optional.empty();

  /** What was asked for, and what became of it so far. */
  private record Asked(
      BuildFolder folder,
      Manifest manifest,
      Ints targets,
      Function<Path, Optional<Digest>> digests,
      BitSet failed,
      BitSet told) {}

  /** Tells this listener. */
  public Herald(Listener listener) {
    this.listener = listener;
  }

  private boolean isHeard() {
    return !listener.equals(Listener.NOBODY);
  }

  /** The workspace is known. */
  public void located(BuildFolder folder) {
    if (isHeard()) {
      listener.hear(new Event.Located(folder.workspace().root().toString()));
    }
  }

  /**
   * What is to be built is known.
   *
   * @param digests of files, where they are known
   */
  public void understood(
      BuildFolder folder,
      Manifest manifest,
      Ints targets,
      Function<Path, Optional<Digest>> digests) {
    if (isHeard()) {
      asked =
          Optional.of(new Asked(folder, manifest, targets, digests, new BitSet(), new BitSet()));
      listener.hear(
          new Event.Understood(
              targets.stream().mapToObj(path -> target(folder, manifest, path)).toList()));
    }
  }

  /** An edge that had something to do, or might have had, has ended. */
  void ended(BuildFolder folder, Edge edge, Ended how) throws NinjaError {
    if (!isHeard()) {
      return;
    }
    if (how.failed()) {
      asked.filter(all -> isOf(all, edge)).ifPresent(all -> all.failed.set(edge.id()));
    }
    Instant now = Instant.now();
    listener.hear(
        new Event.Performed(
            target(folder, edge.manifest(), edge.outputs().get(0)),
            edge.manifest().paths(edge.outputs()).stream()
                .map(path -> folder.onDisk(path).toString())
                .toList(),
            edge.ruleName(),
            List.of("/bin/sh", "-c", edge.command()),
            how.status(),
            switch (how.how()) {
              case RAN -> Event.How.RAN;
              case REMEMBERED -> Event.How.REMEMBERED;
              case UP_TO_DATE -> Event.How.UNCHANGED;
            },
            Optional.of(new Event.Span(now.minusMillis(how.endMillis() - how.startMillis()), now)),
            how.output().toByteArray()));
  }

  /** Numbers mean nothing in another reading of the manifest. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isOf(Asked all, Edge edge) {
    return all.manifest == edge.manifest();
  }

  /** An edge needs nothing more: targets that it makes have come. */
  void finished(Edge edge) {
    asked
        .filter(all -> isOf(all, edge))
        .ifPresent(all ->
            edge.outputs().stream().filter(all.targets::contains).forEach(path -> came(all, path)));
  }

  /** All that was asked for is there. */
  public void allCame() {
    asked.ifPresent(all -> all.targets.stream().forEach(path -> came(all, path)));
  }

  /** Nothing more comes: targets that rest on what failed are told of. */
  public void over() {
    asked.filter(all -> !all.failed.isEmpty()).ifPresent(this::tellFailed);
  }

  private void came(Asked all, int path) {
    if (!all.told.get(path)) {
      all.told.set(path);
      listener.hear(
          new Event.Came(
              target(all.folder, all.manifest, path), true, products(all, path), List.of()));
    }
  }

  private void tellFailed(Asked all) {
    Needs needs = new Needs(all.manifest);
    for (int path : all.targets.stream().filter(target -> !all.told.get(target)).toArray()) {
      List<Target> culprits = culprits(all, needs, path);
      if (!culprits.isEmpty()) {
        all.told.set(path);
        listener.hear(
            new Event.Came(target(all.folder, all.manifest, path), false, List.of(), culprits));
      }
    }
  }

  private static List<Target> culprits(Asked all, Needs needs, int path) {
    int producer = needs.producer(path);
    if (producer == Manifest.NONE) {
      return List.of();
    }
    List<Integer> edges = new ArrayList<>(needs.below(producer));
    edges.add(producer);
    return edges.stream()
        .filter(all.failed::get)
        .map(edge -> target(all.folder, all.manifest, all.manifest.edge(edge).outputs().get(0)))
        .toList();
  }

  private static Target target(BuildFolder folder, Manifest manifest, int path) {
    int producer = manifest.producer(path);
    return new Target(
        folder.onDisk(manifest.path(path)).toString(),
        producer == Manifest.NONE ? "" : manifest.edge(producer).ruleName());
  }

  /** The files that a path stands for: itself, or what a phony edge gives a name to. */
  private static List<Product> products(Asked all, int path) {
    Set<Integer> seen = new LinkedHashSet<>(List.of(path));
    List<Product> files = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      int next = open.remove();
      int producer = all.manifest.producer(next);
      if (producer != Manifest.NONE && all.manifest.edge(producer).isPhony()) {
        all.manifest.edge(producer).inputs().stream().filter(seen::add).forEach(open::add);
      } else {
        Path file = all.folder.onDisk(all.manifest.path(next));
        files.add(new Product(file.toString(), all.digests.apply(file)));
      }
    }
    return files;
  }
}
