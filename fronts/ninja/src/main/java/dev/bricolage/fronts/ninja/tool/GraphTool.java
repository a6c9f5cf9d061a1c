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
  private final StringBuilder out = new StringBuilder();
  private final BitSet paths = new BitSet();
  private final BitSet edges = new BitSet();

  private GraphTool(Manifest manifest) {
    this.manifest = manifest;
  }

  static String draw(Manifest manifest, Ints targets) {
    GraphTool tool = new GraphTool(manifest);
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
    push(targets, stack);
    while (!stack.isEmpty()) {
      int path = stack.pop();
      if (paths.get(path)) {
        continue;
      }
      paths.set(path);
      line(node(path) + " [label=\"" + label(path) + "\"]");
      int producer = manifest.producer(path);
      if (producer != Manifest.NONE && !edges.get(producer)) {
        edges.set(producer);
        draw(manifest.edge(producer));
        push(manifest.edge(producer).inputs(), stack);
      }
    }
  }

  private static void push(Ints paths, Deque<Integer> stack) {
    for (int i = paths.size() - 1; i >= 0; i--) {
      stack.push(paths.get(i));
    }
  }

  private void draw(Edge edge) {
    Ints inputs = edge.inputs();
    Ints outputs = edge.outputs();
    if (inputs.size() == 1 && outputs.size() == 1) {
      line(
          "%s -> %s [label=\" %s\"]"
              .formatted(node(inputs.get(0)), node(outputs.get(0)), edge.ruleName()));
      return;
    }
    String middle = "\"e" + edge.id() + "\"";
    line(middle + " [label=\"" + edge.ruleName() + "\", shape=ellipse]");
    outputs.stream().forEach(output -> line(middle + " -> " + node(output)));
    int needed = inputs.size() - edge.orderOnlyInputs().size();
    for (int i = 0; i < inputs.size(); i++) {
      String style = i < needed ? "" : " style=dotted";
      line(node(inputs.get(i)) + " -> " + middle + " [arrowhead=none" + style + "]");
    }
  }

  private static String node(int path) {
    return "\"p" + path + "\"";
  }

  private String label(int path) {
    return manifest.path(path).replace('\\', '/').replace("\"", "\\\"");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
