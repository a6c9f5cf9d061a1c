package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.CanonicalPath;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.text.Words;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A manifest that was read whole: paths and edges, numbered from 0 in the order they came. It does
 * not change any more and may be shared between threads.
 */
public final class Manifest {
  /** The number of no path and of no edge. */
  public static final int NONE = -1;

  private final Graph graph;
  private final Consumers consumers;

  private Manifest(Graph graph) {
    this.graph = graph;
    this.consumers = Consumers.ofInputs(graph);
  }

  /**
   * Reads a manifest.
   *
   * @param file its name, as given with {@code -f}
   * @param files hands out its content, and that of what it includes
   * @param warning is told what ninja would print after {@code ninja: warning: }
   * @throws NinjaError if it is not a manifest, or one for a newer ninja
   */
  public static Manifest read(
      String file, ManifestFiles files, Choices choices, Consumer<String> warning)
      throws NinjaError {
    return new Manifest(new ManifestReading(files, choices, warning).read(file));
  }

  /** The files it was made from, with those that were asked for and could not be read. */
  public Set<String> files() {
    return Set.copyOf(graph.files);
  }

  /** How many paths there are. */
  public int pathCount() {
    return graph.paths.size();
  }

  /**
   * A path's name, canonical, relative to the folder ninja runs in unless it begins with a slash.
   */
  public String path(int path) {
    return graph.paths.text(path);
  }

  /** Writes a path's name as the bytes it has. */
  public void writePath(int path, Bytes out) {
    graph.paths.copy(path, out);
  }

  /** Writes a path's name as a shell's word, quoted if it must be. */
  public void writeQuotedPath(int path, Bytes out) {
    graph.paths.copyQuoted(path, out);
  }

  /** The number of a canonical path, or {@link #NONE}. */
  public int findPath(String name) {
    return graph.paths.find(name);
  }

  /** The names of these paths. */
  public List<String> paths(Ints paths) {
    return paths.stream().mapToObj(this::path).toList();
  }

  /** How many edges there are. */
  public int edgeCount() {
    return graph.edges.size();
  }

  /** An edge by its number. */
  public Edge edge(int edge) {
    if (edge < 0 || edge >= edgeCount()) {
      throw new IndexOutOfBoundsException(edge + " of " + edgeCount() + " edges");
    }
    return new Edge(this, edge);
  }

  /** The edges that have a dyndep file. */
  public Set<Integer> dyndepEdges() {
    return Set.copyOf(graph.dyndeps.keySet());
  }

  /** The edge that makes a path, or {@link #NONE} if it is a source or nothing. */
  public int producer(int path) {
    return graph.producers.get(path);
  }

  /** The edges that have a path among their inputs, as often as they name it. */
  public Ints consumers(int path) {
    return consumers.of(path);
  }

  /** The paths that {@code default} names. */
  public Ints defaults() {
    return graph.defaults.slice(0, graph.defaults.size());
  }

  /** The outputs that no edge needs. */
  public Ints roots() {
    return Ints.of(
        IntStream.range(0, edgeCount())
            .flatMap(edge -> graph.edges.outputs(edge).stream())
            .filter(path -> consumers(path).isEmpty())
            .toArray());
  }

  /**
   * What is built when the user names nothing.
   *
   * @throws NinjaError if every output is needed by another edge
   */
  public Ints defaultTargets() throws NinjaError {
    if (!defaults().isEmpty()) {
      return defaults();
    }
    Ints roots = roots();
    if (roots.isEmpty() && edgeCount() > 0) {
      throw NinjaError.error("could not determine root nodes of build graph");
    }
    return roots;
  }

  /** The pools, with the two that are always there. */
  public List<Pool> pools() {
    return List.copyOf(graph.pools);
  }

  /** A variable of the manifest itself, such as {@code builddir}; empty if it is not set. */
  public String variable(String name) {
    Bytes out = new Bytes();
    int number = graph.words.find(name);
    if (number != Words.NONE) {
      graph.write(graph.top().value(number), out);
    }
    return out.toString();
  }

  /** The names of the top file's rules, in their order. */
  public List<String> ruleNames() {
    return List.copyOf(graph.top().rules().keySet());
  }

  /** A rule's description, if it has one, with its variables as {@code ${name}}. */
  public Optional<String> ruleDescription(String rule) {
    int description = graph.words.find("description");
    return graph
        .top()
        .rule(rule)
        .flatMap(number -> graph.rules.get(number).get(description))
        .map(template -> template.source(graph.words));
  }

  /** The canonical form of a path that the user gave. */
  public static String canonical(String path) throws NinjaError {
    return CanonicalPath.of(path);
  }

  Graph graph() {
    return graph;
  }
}
