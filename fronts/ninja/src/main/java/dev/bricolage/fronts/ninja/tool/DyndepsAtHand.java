package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.deps.Dyndep;
import dev.bricolage.fronts.ninja.deps.DyndepFile;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The graph with what dyndep files add to it, as far as the files are there. A path that the
 * manifest does not know gets a number behind the manifest's.
 */
final class DyndepsAtHand {
  private final Manifest manifest;
  private final Map<Integer, Dyndep> edges = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Map<Integer, Integer> makers = new HashMap<>();

  DyndepsAtHand(Manifest manifest, Bench bench) throws IOException {
    this.manifest = manifest;
    Set<Integer> read = new HashSet<>();
    for (int edge : manifest.dyndepEdges()) {
      int path = manifest.edge(edge).dyndep().orElse(Manifest.NONE);
      if (path != Manifest.NONE && read.add(path)) {
        read(manifest.path(path), bench);
      }
    }
    edges.forEach((edge, more) -> outputs(more).forEach(path -> makers.put(path, edge)));
  }

  private void read(String name, Bench bench) throws IOException {
    Optional<byte[]> content = bench.content(bench.file(name));
    if (content.isPresent()) {
      try {
        edges.putAll(DyndepFile.parse(name, content.get(), manifest).edges());
      } catch (NinjaError damaged) {
        // As with ninja, it adds nothing; the next build complains of the file.
      }
    }
  }

  /** What files say. */
  Collection<Dyndep> all() {
    return edges.values();
  }

  /** What a file says of an edge. */
  Optional<Dyndep> of(int edge) {
    return Optional.ofNullable(edges.get(edge));
  }

  /** How many inputs of an edge are not for order only; they come first. */
  int needed(Edge edge) {
    return edge.inputs().size()
        - edge.orderOnlyInputs().size()
        + of(edge.id()).map(more -> more.implicitInputs().size()).orElse(0);
  }

  /** All inputs of an edge, those for order only last. */
  int[] inputs(Edge edge) {
    int needed = edge.inputs().size() - edge.orderOnlyInputs().size();
    IntStream more =
        of(edge.id()).stream().flatMap(d -> d.implicitInputs().stream()).mapToInt(this::number);
    return IntStream.concat(
            IntStream.concat(edge.inputs().stream().limit(needed), more),
            edge.orderOnlyInputs().stream())
        .toArray();
  }

  /** All outputs of an edge. */
  int[] outputs(Edge edge) {
    IntStream more = of(edge.id()).stream().flatMapToInt(this::outputs);
    return IntStream.concat(edge.outputs().stream(), more).toArray();
  }

  private IntStream outputs(Dyndep more) {
    return more.implicitOutputs().stream().mapToInt(this::number);
  }

  /** The edge that makes a path, or {@link Manifest#NONE}. */
  int producer(int path) {
    int said = path < manifest.pathCount() ? manifest.producer(path) : Manifest.NONE;
    return said == Manifest.NONE ? makers.getOrDefault(path, Manifest.NONE) : said;
  }

  /** A path's name. */
  String path(int number) {
    return number < manifest.pathCount()
        ? manifest.path(number)
        : names.get(number - manifest.pathCount());
  }

  /** A name's number. */
  int number(String name) {
    int known = manifest.findPath(name);
    if (known != Manifest.NONE) {
      return known;
    }
    return numbers.computeIfAbsent(
        name,
        unknown -> {
          names.add(unknown);
          return manifest.pathCount() + names.size() - 1;
        });
  }
}
