package dev.bricolage.fronts.ninja.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/** The subtools that print lists. */
public final class ManifestTool {
  private final Manifest manifest;
  private final StringBuilder out = new StringBuilder();

  private ManifestTool(Manifest manifest) {
    this.manifest = manifest;
  }

  /** {@code -t targets all}: every output and its rule. */
  public static String targetsAll(Manifest manifest) {
    ManifestTool tool = new ManifestTool(manifest);
    for (int i = 0; i < manifest.edgeCount(); i++) {
      Edge edge = manifest.edge(i);
      edge.outputs().stream().forEach(path -> tool.line(tool.named(path, edge)));
    }
    return tool.out.toString();
  }

  /** {@code -t targets rule NAME}: the outputs of one rule, sorted. */
  public static String targetsOfRule(Manifest manifest, String rule) {
    ManifestTool tool = new ManifestTool(manifest);
    TreeSet<String> found = new TreeSet<>();
    for (int i = 0; i < manifest.edgeCount(); i++) {
      if (manifest.edge(i).ruleName().equals(rule)) {
        found.addAll(manifest.paths(manifest.edge(i).outputs()));
      }
    }
    found.forEach(tool::line);
    return tool.out.toString();
  }

  /** {@code -t targets rule}: every input that no edge makes, as often as it is named. */
  public static String sources(Manifest manifest) {
    ManifestTool tool = new ManifestTool(manifest);
    for (int i = 0; i < manifest.edgeCount(); i++) {
      manifest.edge(i).inputs().stream()
          .filter(path -> manifest.producer(path) == Manifest.NONE)
          .forEach(path -> tool.line(manifest.path(path)));
    }
    return tool.out.toString();
  }

  /** {@code -t targets depth N}: the tree below what no edge needs; 0 is all of it. */
  public static String targetsToDepth(Manifest manifest, int depth) throws NinjaError {
    ManifestTool tool = new ManifestTool(manifest);
    Ints roots = manifest.roots();
    if (roots.isEmpty() && manifest.edgeCount() > 0) {
      throw NinjaError.error("could not determine root nodes of build graph");
    }
    tool.tree(roots, depth);
    return tool.out.toString();
  }

  /** {@code -t query}: what one path is made from, and what from it. */
  public static String query(Manifest manifest, int path) {
    ManifestTool tool = new ManifestTool(manifest);
    tool.line(manifest.path(path) + ":");
    if (manifest.producer(path) != Manifest.NONE) {
      tool.queryProducer(manifest.edge(manifest.producer(path)));
    }
    tool.line("  outputs:");
    Ints consumers = manifest.consumers(path);
    for (int i = 0; i < consumers.size(); i++) {
      tool.lines("    ", manifest.edge(consumers.get(i)).outputs());
    }
    tool.queryValidated(path);
    return tool.out.toString();
  }

  /** {@code -t commands}: what must run to make these, inputs first; or only the last of it. */
  public static String commands(Manifest manifest, Ints targets, boolean single) throws NinjaError {
    ManifestTool tool = new ManifestTool(manifest);
    BitSet seen = new BitSet();
    for (int i = 0; i < targets.size(); i++) {
      int producer = manifest.producer(targets.get(i));
      if (!single) {
        for (Edge edge : tool.inputsFirst(producer, seen)) {
          tool.command(edge);
        }
      } else if (producer != Manifest.NONE && !seen.get(producer)) {
        seen.set(producer);
        tool.command(manifest.edge(producer));
      }
    }
    return tool.out.toString();
  }

  /** {@code -t inputs}: everything these are made from, quoted for a shell, sorted by bytes. */
  public static String inputs(Manifest manifest, Ints targets) {
    ManifestTool tool = new ManifestTool(manifest);
    BitSet seen = new BitSet();
    BitSet found = new BitSet();
    for (int i = 0; i < targets.size(); i++) {
      tool.inputsFirst(manifest.producer(targets.get(i)), seen).stream()
          .filter(edge -> !edge.isPhony())
          .forEach(edge -> edge.inputs().stream().forEach(found::set));
    }
    found.stream()
        .mapToObj(path -> {
          Bytes quoted = new Bytes();
          manifest.writeQuotedPath(path, quoted);
          return quoted.toByteArray();
        })
        .sorted(Arrays::compareUnsigned)
        .forEach(path -> tool.line(new String(path, UTF_8)));
    return tool.out.toString();
  }

  /** {@code -t rules}: the rules' names, with {@code -d} their descriptions. */
  public static String rules(Manifest manifest, boolean descriptions) {
    ManifestTool tool = new ManifestTool(manifest);
    for (String rule : manifest.ruleNames()) {
      tool.line(
          manifest
              .ruleDescription(rule)
              .filter(_ -> descriptions)
              .map(description -> rule + ": " + description)
              .orElse(rule));
    }
    return tool.out.toString();
  }

  /**
   * {@code -t compdb}: the edges of these rules, or of all, as a compilation database.
   *
   * @param directory where ninja runs
   * @param expand whether a response file's content takes the place of its name
   */
  public static String compdb(
      Manifest manifest, String directory, List<String> rules, boolean expand) throws NinjaError {
    StringBuilder out = new StringBuilder("[");
    String separator = "";
    for (int i = 0; i < manifest.edgeCount(); i++) {
      Edge edge = manifest.edge(i);
      boolean wanted = rules.isEmpty() || rules.contains(edge.ruleName());
      if (!wanted || edge.inputs().isEmpty()) {
        continue;
      }
      out.append(separator).append("\n  {\n    \"directory\": \"");
      Json.append(directory, out);
      out.append("\",\n    \"command\": \"");
      Json.append(expand ? expanded(edge) : edge.command(), out);
      out.append("\",\n    \"file\": \"");
      Json.append(manifest.path(edge.inputs().get(0)), out);
      out.append("\",\n    \"output\": \"");
      Json.append(manifest.path(edge.outputs().get(0)), out);
      out.append("\"\n  }");
      separator = ",";
    }
    return out.append("\n]\n").toString();
  }

  private static String expanded(Edge edge) throws NinjaError {
    String command = edge.command();
    String rspfile = edge.rspfile();
    int at = rspfile.isEmpty() ? -1 : command.indexOf(rspfile);
    if (at < 1 || command.charAt(at - 1) != '@') {
      return command;
    }
    return command.substring(0, at - 1)
        + edge.rspfileContent().replace('\n', ' ')
        + command.substring(at + rspfile.length());
  }

  /** On a stack of our own, as chains may be long. */
  private void tree(Ints roots, int depth) {
    record Branch(int path, int indent) {}
    Deque<Branch> stack = new ArrayDeque<>();
    roots.stream().forEach(path -> stack.addLast(new Branch(path, 0)));
    while (!stack.isEmpty()) {
      Branch at = stack.pop();
      int producer = manifest.producer(at.path());
      out.append("  ".repeat(at.indent()));
      if (producer == Manifest.NONE) {
        line(manifest.path(at.path()));
        continue;
      }
      line(named(at.path(), manifest.edge(producer)));
      if (depth <= 0 || at.indent() + 1 < depth) {
        Ints inputs = manifest.edge(producer).inputs();
        for (int i = inputs.size() - 1; i >= 0; i--) {
          stack.push(new Branch(inputs.get(i), at.indent() + 1));
        }
      }
    }
  }

  private void queryProducer(Edge edge) {
    line("  input: " + edge.ruleName());
    lines("    ", edge.explicitInputs());
    lines("    | ", edge.implicitInputs());
    lines("    || ", edge.orderOnlyInputs());
    if (!edge.validations().isEmpty()) {
      line("  validations:");
      lines("    ", edge.validations());
    }
  }

  private void queryValidated(int path) {
    boolean first = true;
    for (int i = 0; i < manifest.edgeCount(); i++) {
      Edge edge = manifest.edge(i);
      long named = edge.validations().stream().filter(other -> other == path).count();
      if (named > 0 && first) {
        line("  validation for:");
        first = false;
      }
      for (; named > 0; named--) {
        lines("    ", edge.outputs());
      }
    }
  }

  /** The edges below one and itself that were not seen, inputs first; on a stack of our own. */
  private List<Edge> inputsFirst(int top, BitSet seen) {
    record Step(int edge, boolean leaving) {}
    List<Edge> order = new ArrayList<>();
    Deque<Step> stack = new ArrayDeque<>(List.of(new Step(top, false)));
    while (!stack.isEmpty()) {
      Step step = stack.pop();
      if (step.leaving()) {
        order.add(manifest.edge(step.edge()));
      } else if (step.edge() != Manifest.NONE && !seen.get(step.edge())) {
        seen.set(step.edge());
        stack.push(new Step(step.edge(), true));
        Ints inputs = manifest.edge(step.edge()).inputs();
        for (int i = inputs.size() - 1; i >= 0; i--) {
          stack.push(new Step(manifest.producer(inputs.get(i)), false));
        }
      }
    }
    return order;
  }

  private void command(Edge edge) throws NinjaError {
    if (!edge.isPhony()) {
      line(edge.command());
    }
  }

  private String named(int path, Edge edge) {
    return manifest.path(path) + ": " + edge.ruleName();
  }

  private void lines(String before, Ints paths) {
    paths.stream().forEach(path -> line(before + manifest.path(path)));
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
