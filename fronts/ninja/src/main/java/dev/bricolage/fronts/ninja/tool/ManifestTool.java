package dev.bricolage.fronts.ninja.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.Arrays;
import java.util.BitSet;
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
    tool.tree(roots, depth, 0);
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
      tool.commands(manifest.producer(targets.get(i)), seen, single);
    }
    return tool.out.toString();
  }

  /** {@code -t inputs}: everything these are made from, quoted for a shell, sorted by bytes. */
  public static String inputs(Manifest manifest, Ints targets) {
    ManifestTool tool = new ManifestTool(manifest);
    BitSet seen = new BitSet();
    BitSet found = new BitSet();
    for (int i = 0; i < targets.size(); i++) {
      tool.inputs(manifest.producer(targets.get(i)), seen, found);
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

  private void tree(Ints paths, int depth, int indent) {
    for (int i = 0; i < paths.size(); i++) {
      int path = paths.get(i);
      int producer = manifest.producer(path);
      out.append("  ".repeat(indent));
      if (producer == Manifest.NONE) {
        line(manifest.path(path));
        continue;
      }
      line(named(path, manifest.edge(producer)));
      if (depth > 1 || depth <= 0) {
        tree(manifest.edge(producer).inputs(), depth - 1, indent + 1);
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

  private void commands(int producer, BitSet seen, boolean single) throws NinjaError {
    if (producer == Manifest.NONE || seen.get(producer)) {
      return;
    }
    seen.set(producer);
    Edge edge = manifest.edge(producer);
    if (!single) {
      Ints inputs = edge.inputs();
      for (int i = 0; i < inputs.size(); i++) {
        commands(manifest.producer(inputs.get(i)), seen, false);
      }
    }
    if (!edge.isPhony()) {
      line(edge.command());
    }
  }

  private void inputs(int producer, BitSet seen, BitSet found) {
    if (producer == Manifest.NONE || seen.get(producer)) {
      return;
    }
    seen.set(producer);
    Edge edge = manifest.edge(producer);
    Ints inputs = edge.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      inputs(manifest.producer(inputs.get(i)), seen, found);
    }
    if (!edge.isPhony()) {
      inputs.stream().forEach(found::set);
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
