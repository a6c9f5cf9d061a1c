package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * {@code -t graph}: what targets are made of, in the language of Graphviz. Nodes are named by
 * numbers of paths and edges; ninja names them by addresses.
 */
final class GraphTool {
  private final Manifest manifest;
  private final DyndepsAtHand graph;
  private final StringBuilder out = new StringBuilder();
  private final BitSet paths = new BitSet();
  private final BitSet edges = new BitSet();

  private GraphTool(Manifest manifest, DyndepsAtHand graph) {
    this.manifest = manifest;
    this.graph = graph;
  }

  static String draw(Manifest manifest, DyndepsAtHand graph, Ints targets) {
    GraphTool tool = new GraphTool(manifest, graph);
    tool.out.append(
        """
        digraph ninja {
        rankdir="LR"
        node [fontsize=10, shape=box, height=0.25]
        edge [fontsize=10]
        """);
    tool.walk(targets);
    return tool.out.append("}\n").toString();
  }

  /** Depth first, on a stack of our own, as chains may be long. */
  private void walk(Ints targets) {
    Deque<Integer> stack = new ArrayDeque<>();
    push(targets.stream().toArray(), stack);
    while (!stack.isEmpty()) {
      int path = stack.pop();
      if (paths.get(path)) {
        continue;
      }
      paths.set(path);
      line(node(path) + " [label=\"" + label(path) + "\"]");
      int producer = graph.producer(path);
      if (producer != Manifest.NONE && !edges.get(producer)) {
        edges.set(producer);
        draw(manifest.edge(producer));
        push(graph.inputs(manifest.edge(producer)), stack);
      }
    }
  }

  private static void push(int[] paths, Deque<Integer> stack) {
    for (int i = paths.length - 1; i >= 0; i--) {
      stack.push(paths[i]);
    }
  }

  private void draw(Edge edge) {
    int[] inputs = graph.inputs(edge);
    int[] outputs = graph.outputs(edge);
    if (inputs.length == 1 && outputs.length == 1) {
      line(
          "%s -> %s [label=\" %s\"]".formatted(node(inputs[0]), node(outputs[0]), edge.ruleName()));
      return;
    }
    String middle = "\"e" + edge.id() + "\"";
    line(middle + " [label=\"" + edge.ruleName() + "\", shape=ellipse]");
    for (int output : outputs) {
      line(middle + " -> " + node(output));
    }
    int needed = graph.needed(edge);
    for (int i = 0; i < inputs.length; i++) {
      String style = i < needed ? "" : " style=dotted";
      line(node(inputs[i]) + " -> " + middle + " [arrowhead=none" + style + "]");
    }
  }

  private static String node(int path) {
    return "\"p" + path + "\"";
  }

  private String label(int path) {
    return graph.path(path).replace('\\', '/').replace("\"", "\\\"");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
