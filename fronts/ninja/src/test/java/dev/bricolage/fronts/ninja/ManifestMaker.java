package dev.bricolage.fronts.ninja;

import dev.bricolage.testkit.gen.Dice;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Manifests made from a seed: variables, scopes, odd paths, all kinds of inputs and outputs. Most
 * are right; some have two rules for one output or some other fault that ninja tells of.
 */
public final class ManifestMaker {
  private final Dice dice;
  private int outputs;

  private ManifestMaker(long seed) {
    this.dice = new Dice(seed);
  }

  /** The files of one manifest, {@code build.ninja} first. */
  public static Map<String, String> files(long seed) {
    ManifestMaker maker = new ManifestMaker(seed);
    Map<String, String> files = new LinkedHashMap<>();
    files.put("build.ninja", "");
    StringBuilder main = new StringBuilder();
    maker.variables(main);
    main.append("include rules.ninja\n");
    for (int i = maker.dice.between(1, 6); i > 0; i--) {
      maker.statement(main);
    }
    if (maker.dice.chance(50)) {
      StringBuilder sub = new StringBuilder();
      maker.variables(sub);
      if (maker.dice.chance(50)) {
        maker.rule(sub, "r1");
      }
      maker.statement(sub);
      maker.statement(sub);
      files.put("sub/x y.ninja", sub.toString());
      main.append("subninja sub/x$ y.ninja\n");
    }
    maker.variables(main);
    maker.statement(main);
    if (maker.dice.chance(30)) {
      main.append("default o1\n");
    }
    StringBuilder rules = new StringBuilder("pool p\n  depth = 2\n");
    maker.rule(rules, "r1");
    maker.rule(rules, "r2");
    files.put("rules.ninja", rules.toString());
    files.put("build.ninja", main.toString());
    return files;
  }

  private void variables(StringBuilder out) {
    for (int i = dice.below(4); i > 0; i--) {
      out.append(name()).append(dice.of(" = ", "=", "  =")).append(value()).append('\n');
      if (dice.chance(10)) {
        out.append(dice.of("# a comment\n", "   # $another\n", "\n", "   \n"));
      }
    }
  }

  private void rule(StringBuilder out, String name) {
    out.append("rule ").append(name).append('\n');
    out.append("  command = cmd ").append(value()).append(" $in $out\n");
    for (String key : new String[] {"description", "depfile", "restat", "deps", "pool"}) {
      if (dice.chance(30)) {
        String value = key.equals("pool") ? dice.of("p", "console", "$z") : value();
        out.append("  ").append(key).append(" = ").append(value).append('\n');
      }
    }
    if (dice.chance(30)) {
      out.append("  rspfile = $out.rsp\n  rspfile_content = $in_newline ");
      out.append(value()).append('\n');
      out.append("  command = cmd @$out.rsp -o $out ").append(value()).append('\n');
    }
  }

  private void statement(StringBuilder out) {
    out.append("build");
    for (int i = dice.of(1, 1, 1, 2, 3); i > 0; i--) {
      out.append(' ').append(output());
    }
    if (dice.chance(20)) {
      out.append(" | ").append(output());
    }
    out.append(": ").append(dice.of("r1", "r2", "phony", "r1", "r2"));
    paths(out, " ", 3);
    if (dice.chance(30)) {
      paths(out, dice.of(" | ", "|"), 2);
    }
    if (dice.chance(30)) {
      paths(out, dice.of(" || ", "||"), 2);
    }
    if (dice.chance(15)) {
      paths(out, " |@ ", 2);
    }
    out.append(dice.of("\n", "\n", "\n", " \n", "\r\n"));
    for (int i = dice.chance(40) ? dice.between(1, 3) : 0; i > 0; i--) {
      out.append(dice.of("  ", " ", "    "));
      out.append(dice.of(name(), name(), "description", "command", "restat"));
      out.append(" = ").append(value()).append('\n');
    }
  }

  private void paths(StringBuilder out, String before, int most) {
    out.append(before);
    for (int i = dice.between(0, most); i > 0; i--) {
      out.append(input()).append(dice.of(" ", " ", "  ", " $\n    "));
    }
  }

  private String output() {
    if (dice.chance(1) && outputs > 0) {
      return "o" + outputs;
    }
    outputs++;
    if (outputs == 1) {
      // Known by its name to whoever asks ninja about a path.
      return "o1";
    }
    return dice.of("", "", "", "./", "a/../", "d//")
        + "o"
        + outputs
        + dice.of("", "", "", "$ x", "'q", "${d}", "/.", "$:", "(1)");
  }

  private String input() {
    return switch (dice.below(8)) {
      case 0, 1 -> "o" + dice.between(1, outputs + 1);
      case 2 -> "../s" + dice.below(5);
      case 3 -> "/abs/./x" + dice.below(3);
      case 4 -> "in$ " + dice.below(3);
      case 5 -> "$" + name() + "f" + dice.below(3);
      case 6 -> dice.of("a/..", "./", "..", "../../b", "d/../../e", "k=v", "s;t", "u&v", "\u00e4");
      default -> "src/f" + dice.below(6) + ".c";
    };
  }

  private String name() {
    return dice.of("x", "y", "z", "d", "flags", "a-b", "_1");
  }

  private String value() {
    StringBuilder value = new StringBuilder();
    for (int i = dice.below(4); i > 0; i--) {
      value.append(
          dice.of(
              "-O2",
              "$" + name(),
              "${" + name() + "}",
              "$$",
              "a b",
              "$ ",
              "$:",
              " | ",
              "\"q\"",
              ":",
              "$\n  cont",
              "\t",
              "\u00fc",
              "${not.set}",
              "$in",
              "$out",
              "#"));
    }
    return value.toString();
  }
}
