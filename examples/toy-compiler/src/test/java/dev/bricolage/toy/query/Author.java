package dev.bricolage.toy.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes programs by chance, small ones in which names meet: right, wrong and going in circles. */
final class Author {
  static final List<String> FILES = List.of("a.toy", "b.toy", "c.toy");
  private static final List<String> NAMES = List.of("f", "g", "h", "x", "y");

  private final Random random;

  Author(long seed) {
    random = new Random(seed);
  }

  Map<String, String> program() {
    Map<String, String> sources = new TreeMap<>();
    FILES.forEach(file -> sources.put(file, text(file)));
    return sources;
  }

  /** Chance of one in so many. */
  boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  String file() {
    return pick(FILES);
  }

  String text(String file) {
    List<String> lines = new ArrayList<>();
    // Mostly downwards, so that circles are not all there is.
    for (String other : FILES) {
      if (other.compareTo(file) > 0 ? !oneIn(3) : oneIn(30)) {
        lines.add("import " + other.replace(".toy", ""));
      }
    }
    for (String name : NAMES) {
      if (!oneIn(6)) {
        lines.add(item(name));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** Another text for this one: a line lost, twice, changed, or moved by a comment. */
  String edited(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int at = random.nextInt(lines.size() + 1);
    switch (random.nextInt(10)) {
      case 0 -> lines.add(at, "# " + random.nextInt(100));
      case 1 -> lines.add(at, item(pick(NAMES)));
      case 2 -> {
        if (at < lines.size()) {
          lines.remove(at);
        }
      }
      default -> {
        String name = at < lines.size() ? lines.get(at).replaceFirst("^\\w+ (\\w).*", "$1") : "";
        if (NAMES.contains(name)) {
          lines.set(at, item(name));
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private String item(String name) {
    if (oneIn(20)) {
      return pick(List.of("const ", "fun ")) + name + " = =";
    }
    if (isConstant(name)) {
      return "const " + name + " = " + expression(2, false);
    }
    return oneIn(20)
        ? "fun " + name + "(n: int): bool = n < " + expression(1, true)
        : "fun " + name + "(n: int): int = " + expression(2, true);
  }

  private static boolean isConstant(String name) {
    return name.compareTo("n") > 0;
  }

  private String expression(int depth, boolean inFunction) {
    return switch (random.nextInt(depth == 0 ? 3 : 7)) {
      case 0, 1 -> String.valueOf(random.nextInt(9) + (oneIn(9) ? 0 : 1));
      case 2 -> inFunction ? "n" : "2";
      case 3 -> used(depth, inFunction);
      case 4 -> "if 1 < 2 then " + expression(depth - 1, inFunction) + " else 1";
      default ->
          expression(depth - 1, inFunction)
              + pick(List.of(" + ", " / ", " - "))
              + expression(depth - 1, inFunction);
    };
  }

  private String used(int depth, boolean inFunction) {
    String name = oneIn(20) ? "nowhere" : pick(NAMES);
    if (isConstant(name)) {
      return name;
    }
    return inFunction ? name + "(" + expression(depth - 1, true) + ")" : "3";
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
