package dev.bricolage.fronts.ninja.manifest;

import java.util.Map;

/** Which edges need a path, for all paths: edge after edge as they stand in the manifest. */
final class Consumers {
  /** Where a path's edges begin in {@link #edges}; one more for the end. */
  private final int[] starts;

  private final int[] edges;

  private Consumers(int[] starts, int[] edges) {
    this.starts = starts;
    this.edges = edges;
  }

  static Consumers ofInputs(Graph graph) {
    int[] starts = new int[graph.paths.size() + 1];
    for (int edge = 0; edge < graph.edges.size(); edge++) {
      Ints inputs = graph.edges.inputs(edge);
      for (int i = 0; i < inputs.size(); i++) {
        starts[inputs.get(i)]++;
      }
    }
    for (int path : graph.dropped.values()) {
      starts[path]++;
    }
    int total = 0;
    for (int path = 0; path < starts.length; path++) {
      int count = starts[path];
      total += count;
      starts[path] = total;
    }
    int[] edges = new int[total];
    // Backwards, so that each path's start comes to lie on its first edge.
    for (int edge = graph.edges.size() - 1; edge >= 0; edge--) {
      Ints inputs = graph.edges.inputs(edge);
      for (int i = inputs.size() - 1; i >= 0; i--) {
        edges[--starts[inputs.get(i)]] = edge;
      }
      putDropped(graph.dropped, edge, starts, edges);
    }
    return new Consumers(starts, edges);
  }

  private static void putDropped(
      Map<Integer, Integer> dropped, int edge, int[] starts, int[] edges) {
    Integer path = dropped.get(edge);
    if (path != null) {
      edges[--starts[path]] = edge;
    }
  }

  Ints of(int path) {
    return new Ints(edges, starts[path], starts[path + 1]);
  }
}
