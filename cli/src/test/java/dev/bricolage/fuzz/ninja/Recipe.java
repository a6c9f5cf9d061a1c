package dev.bricolage.fuzz.ninja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One edge, described so that both a manifest and its outcome can be made of it. Its text is words
 * {@code key=value,value}, of which the last of a key counts; scenarios keep it in a file, so that
 * edits of edges are edits of files.
 *
 * <p>Its command works on a number {@code v}: it reads numbers from files and mixes them in, looks
 * whether paths are there, and writes what came of it to all outputs. The operations:
 *
 * <ul>
 *   <li>{@code R} reads all inputs that are not order-only; {@code r:PATH} reads one path. A file
 *       may name, behind its number, the next one to read, as a header includes another;
 *   <li>{@code e:PATH}, {@code x:PATH}, {@code d:PATH}, {@code h:PATH}: {@code test -e} and so on;
 *   <li>{@code l:FOLDER} mixes in the lengths of the names in a folder;
 *   <li>{@code c:N} takes the rest by N: what changed before may give the same after;
 *   <li>{@code V} reads the variable of that name, {@code q} the response file;
 *   <li>{@code f:N} fails if N divides what there is; {@code F:N} writes an output first;
 *   <li>{@code s} says something.
 * </ul>
 *
 * @param id its number, and its name in what is told
 * @param words by their keys: {@code outs}, {@code iouts}, {@code in}, {@code imp}, {@code order},
 *     {@code valid}, {@code ops}, {@code flags}, {@code salt}, {@code rsp}, {@code dyn}, {@code
 *     kind}, {@code target}
 */
record Recipe(int id, Map<String, List<String>> words) {
  /** What stands at the beginning of every command; all of it is built into the shell. */
  static final String PRELUDE =
      "m() { v=$(( (v*31+t)%99991 )); };"
          + " r() { p=$1; n=0; while [ \"$p\" ] && [ $n -lt 4 ]; do x=; h=;"
          + " if { read -r x h < $p; } 2>/dev/null; then d=\"$d $p\"; fi;"
          + " t=${x:-7}; m; p=$h; n=$((n+1)); done; }; d=;";

  static Recipe parse(int id, String text) {
    Map<String, List<String>> words = new TreeMap<>();
    for (String word : text.strip().split("\\s+", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0 && equals + 1 < word.length()) {
        words.put(word.substring(0, equals), List.of(word.substring(equals + 1).split(",", -1)));
      }
    }
    return new Recipe(id, words);
  }

  private List<String> all(String key) {
    return words.getOrDefault(key, List.of());
  }

  private String one(String key, String otherwise) {
    return all(key).isEmpty() ? otherwise : all(key).getFirst();
  }

  boolean isPhony() {
    return one("kind", "").equals("phony");
  }

  /** Whether it makes a dyndep file. */
  boolean isScan() {
    return one("kind", "").equals("scan");
  }

  boolean has(String flag) {
    return all("flags").contains(flag);
  }

  List<String> ops() {
    return all("ops");
  }

  List<String> outs() {
    return Stream.concat(all("outs").stream(), all("iouts").stream()).toList();
  }

  /** Explicit and implicit inputs. */
  List<String> inputs() {
    return Stream.concat(all("in").stream(), all("imp").stream()).toList();
  }

  List<String> orderOnly() {
    return all("order");
  }

  List<String> validations() {
    return all("valid");
  }

  List<String> dyndep() {
    return all("dyn");
  }

  int salt() {
    return Integer.parseInt(one("salt", "1"));
  }

  int responseNumber() {
    return Integer.parseInt(one("rsp", "1"));
  }

  /** Of a scan: the output whose edge the dyndep file is about. */
  String target() {
    return one("target", "none");
  }

  String depfile() {
    return outs().getFirst() + ".d";
  }

  String responseFile() {
    return outs().getFirst() + ".rsp";
  }

  boolean writesDepfile() {
    return has("gcc") || has("dep");
  }

  /** What a shell runs, without the prelude. */
  String command() {
    List<String> steps = new ArrayList<>(List.of(": E" + id));
    if (isScan()) {
      steps.add("x=; h=; read -r x h < " + inputs().getFirst());
      steps.add(
          "printf 'ninja_dyndep_version = 1\\nbuild "
              + target()
              + ": dyndep%s\\n' \"${h:+ | $h}\" > "
              + outs().getFirst());
      return String.join("; ", steps);
    }
    steps.add("v=$((v+" + salt() + "))");
    ops().forEach(op -> steps.add(step(op)));
    for (int i = 0; i < outs().size(); i++) {
      steps.add(written(outs().get(i), "$((v+" + i + "))"));
    }
    if (has("exe")) {
      steps.add("chmod +x " + outs().getFirst());
    }
    if (writesDepfile()) {
      steps.add("echo \"" + outs().getFirst() + ":$d\" > " + depfile());
    }
    return String.join("; ", steps);
  }

  private String written(String out, String value) {
    return has("restat")
        ? "o=; { read -r o < %s; } 2>/dev/null; [ \"$o\" = \"%s\" ] || echo %s > %s"
            .formatted(out, value, value, out)
        : "echo " + value + " > " + out;
  }

  private String step(String op) {
    String argument = argument(op);
    return switch (op.charAt(0)) {
      case 'R' -> inputs().isEmpty() ? ":" : "for i in " + words(inputs()) + "; do r $i; done";
      case 'r' -> "r " + argument;
      case 'e', 'x', 'd', 'h' -> "[ -" + op.charAt(0) + " " + argument + " ] && t=1 || t=2; m";
      case 'l' -> "for i in " + argument + "/*; do t=${#i}; m; done";
      case 'c' -> "v=$((v%" + argument + "))";
      case 'V' -> "t=${V:-0}; m";
      case 'q' -> "read -r t < " + responseFile() + "; m";
      case 'f' -> "[ $((v%" + argument + ")) != 0 ] || exit 3";
      case 'F' ->
          "[ $((v%%%s)) != 0 ] || { echo 1 > %s; exit 4; }".formatted(argument, outs().getFirst());
      case 's' -> "echo said $v";
      default -> throw new IllegalArgumentException("no operation: " + op);
    };
  }

  static String argument(String op) {
    return op.length() > 2 ? op.substring(2) : "";
  }

  private static String words(List<String> paths) {
    return String.join(" ", paths);
  }

  /** Its statement in a manifest. */
  String statement() {
    StringBuilder text = new StringBuilder("build ").append(words(all("outs")));
    list(text, " | ", all("iouts"));
    text.append(isPhony() ? ": phony" : ": do");
    list(text, " ", all("in"));
    list(text, " | ", all("imp"));
    list(text, " || ", orderOnly());
    list(text, " |@ ", validations());
    text.append('\n');
    if (isPhony()) {
      return text.toString();
    }
    text.append("  cmd = ").append(command().replace("$", "$$")).append("\n  id = E").append(id);
    text.append('\n');
    if (writesDepfile()) {
      text.append("  depfile = ").append(depfile()).append('\n');
    }
    for (String flag : all("flags")) {
      text.append(
          switch (flag) {
            case "gcc" -> "  deps = gcc\n";
            case "restat" -> "  restat = 1\n";
            case "pool" -> "  pool = one\n";
            default -> "";
          });
    }
    if (ops().contains("q")) {
      text.append("  rspfile = ").append(responseFile());
      text.append("\n  rspfile_content = ").append(responseNumber()).append('\n');
    }
    dyndep().forEach(path -> text.append("  dyndep = ").append(path).append('\n'));
    return text.toString();
  }

  private static void list(StringBuilder text, String before, List<String> paths) {
    if (!paths.isEmpty()) {
      text.append(before).append(words(paths));
    }
  }

  /** Paths it looks at, in any way, that ninja is not told of. */
  boolean isOpen(Set<String> declared) {
    for (String op : ops()) {
      boolean declaredRead = op.startsWith("r:") && declared.contains(argument(op));
      if ("rexdhlV".indexOf(op.charAt(0)) >= 0 && !declaredRead) {
        return true;
      }
    }
    return false;
  }
}
