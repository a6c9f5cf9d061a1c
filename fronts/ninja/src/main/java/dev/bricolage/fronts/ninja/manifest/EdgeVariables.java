package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.text.Template;
import dev.bricolage.fronts.ninja.text.Words;

/**
 * The variables of one edge, as its rule sees them: {@code $in} and {@code $out}, the edge's own
 * scope, the rule's templates, the scopes around.
 *
 * <p>The edge's own scope comes before the rule, and an edge without a block of bindings has none
 * of its own: the file's stands in, so that a file's {@code description} beats the rule's. That is
 * ninja's way.
 */
final class EdgeVariables implements Template.NumberedVariables {
  private final Graph graph;
  private final int edge;
  private final boolean quoted;

  /** The rule's templates under way, whose values need each other. */
  private final IntList underWay = new IntList();

  EdgeVariables(Graph graph, int edge, boolean quoted) {
    this.graph = graph;
    this.edge = edge;
    this.quoted = quoted;
  }

  @Override
  public void write(int name, Bytes out) throws NinjaError {
    switch (name) {
      case Graph.IN -> writePaths(graph.edges.explicitInputs(edge), ' ', out);
      case Graph.IN_NEWLINE -> writePaths(graph.edges.explicitInputs(edge), '\n', out);
      case Graph.OUT -> writePaths(graph.edges.explicitOutputs(edge), ' ', out);
      default -> writeVariable(name, out);
    }
  }

  private void writeVariable(int name, Bytes out) throws NinjaError {
    Scope scope = graph.scopes.get(graph.edges.scope(edge));
    boolean own = graph.edges.hasBindings(edge);
    int first = own ? graph.edges.binding(edge, name) : scope.ownValue(name);
    if (first != Words.NONE) {
      graph.write(first, out);
      return;
    }
    var template = graph.rules.get(graph.edges.rule(edge)).get(name);
    if (template.isPresent()) {
      writeTemplate(name, template.get(), out);
      return;
    }
    graph.write(own ? scope.value(name) : scope.outerValue(name), out);
  }

  private void writeTemplate(int name, Template template, Bytes out) throws NinjaError {
    refuseCycle(name);
    underWay.add(name);
    template.write(this, out);
    underWay.truncate(underWay.size() - 1);
  }

  private void refuseCycle(int name) throws NinjaError {
    for (int i = 0; i < underWay.size(); i++) {
      if (underWay.get(i) == name) {
        StringBuilder cycle = new StringBuilder("cycle in rule variables: ");
        for (int j = i; j < underWay.size(); j++) {
          cycle.append(graph.words.text(underWay.get(j))).append(" -> ");
        }
        throw NinjaError.fatal(cycle.append(graph.words.text(name)).toString());
      }
    }
  }

  private void writePaths(Ints paths, char separator, Bytes out) {
    int start = out.length();
    for (int i = 0; i < paths.size(); i++) {
      if (out.length() > start) {
        out.add(separator);
      }
      if (quoted) {
        graph.paths.copyQuoted(paths.get(i), out);
      } else {
        graph.paths.copy(paths.get(i), out);
      }
    }
  }
}
