package dev.bricolage.fuzz.ninja;

import dev.bricolage.testkit.gen.Dice;
import dev.bricolage.testkit.gen.Edit;
import dev.bricolage.testkit.gen.Program;
import dev.bricolage.testkit.gen.Scenario;
import dev.bricolage.testkit.gen.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes scenarios of manifests and edits. Edges 0 to 2 make headers of sources that name no other
 * file, so that everybody may include them; 4 makes the dyndep file of 7; 5 and 9 are phony. All
 * others take what is below them by number, and look at anything.
 */
final class Ninjas {
  private static final int GENERATED = 3;
  private static final int SCAN = 4;
  private static final int TARGET = 7;
  private static final List<Integer> PHONY = List.of(5, 9);
  private static final List<String> SOURCES =
      List.of("src/s0", "src/s1", "src/s2", "src/s3", "src/s4");
  private static final List<String> PLAIN = List.of("src/g0", "src/g1", "src/g2");
  private static final List<String> HEADERS = List.of("inc/h0", "inc/h1", "inc/h2", "inc/h3");

  private final Dice dice;
  private final int edges;
  private final boolean open;

  private Ninjas(long seed, boolean mayBeOpen) {
    this.dice = new Dice(seed);
    this.edges = dice.between(8, 14);
    this.open = mayBeOpen && dice.chance(70);
  }

  /**
   * The scenario of a seed.
   *
   * @param mayBeOpen whether edges may look at what nobody told ninja of
   */
  static Scenario scenario(long seed, int turns, boolean mayBeOpen) {
    return new Ninjas(seed, mayBeOpen).write(seed, turns);
  }

  private Scenario write(long seed, int count) {
    List<Edit> start = new ArrayList<>();
    PLAIN.forEach(path -> start.add(plain(path)));
    SOURCES.forEach(path -> start.add(source(path)));
    HEADERS.forEach(path -> start.add(source(path)));
    start.add(scanned());
    for (int id = 0; id < edges; id++) {
      start.add(edge(id));
    }
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(turn());
    }
    return new Scenario(seed, Scenario.Marking.MARKER, true, start, List.of(), turns);
  }

  /** First digits that stay digits when a bit of them changes, and no octal numbers. */
  private String number() {
    return "" + dice.between(4, 7) + dice.between(0, 7) + dice.between(0, 7);
  }

  private Edit plain(String path) {
    return new Edit.Write(path, number() + "\n", dice.chance(20), dice.chance(50));
  }

  private Edit source(String path) {
    String next = dice.chance(60) ? " " + included() : "";
    return new Edit.Write(path, number() + next + "\n", dice.chance(20), dice.chance(50));
  }

  /** What the dyndep file is made of; it names what no ignore file hides. */
  private Edit scanned() {
    String next = dice.of("", "", " ../inc/h0", " ../inc/h2", " " + output(dice.below(GENERATED)));
    return new Edit.Write("src/d4", number() + next + "\n", false, dice.chance(50));
  }

  /** What a file may name: a header, or one that is generated; open edges need not say so. */
  private String included() {
    return open && dice.chance(30) ? output(dice.below(GENERATED)) : "../" + dice.of(HEADERS);
  }

  private static String output(int id) {
    return (id % 4 == 3 ? "d/o" : "o") + id;
  }

  private Edit edge(int id) {
    List<String> words = new ArrayList<>();
    words.add("outs=" + output(id) + (dice.chance(15) ? "," + output(id) + "b" : ""));
    if (id < GENERATED) {
      words.add("in=../" + PLAIN.get(id));
      words.add("ops=R" + (dice.chance(40) ? ",c:" + dice.of(2, 3, 50) : ""));
      words.add("flags=" + flags());
    } else if (id == SCAN) {
      words.set(0, "outs=dd4");
      words.add("kind=scan");
      words.add("in=../src/d4");
      words.add("target=" + output(TARGET));
      words.add("flags=restat");
    } else if (PHONY.contains(id)) {
      words.set(0, "outs=" + output(id));
      words.add("kind=phony");
      if (dice.chance(90)) {
        words.add("in=" + inputs(id, dice.between(1, 3)));
      }
    } else {
      command(id, words);
    }
    words.add("salt=" + dice.between(1, 3));
    return new Edit.Write(Project.FOLDER + id, String.join(" ", words) + "\n", false, false);
  }

  private void command(int id, List<String> words) {
    if (dice.chance(15)) {
      words.add("iouts=" + output(id) + "i");
    }
    words.add("in=" + inputs(id, dice.between(1, 3)));
    if (dice.chance(40)) {
      words.add("imp=" + inputs(id, dice.between(1, 2)));
    }
    List<String> order = new ArrayList<>(List.of("o0", "o1", "o2"));
    if (open) {
      order.removeIf(path -> dice.chance(50));
    }
    if (dice.chance(25)) {
      order.add(product(id));
    }
    if (id == TARGET) {
      order.add("dd4");
      words.add("dyn=dd4");
    }
    if (!order.isEmpty()) {
      words.add("order=" + String.join(",", order));
    }
    if (dice.chance(10)) {
      words.add("valid=" + output(dice.below(edges)));
    }
    words.add("ops=" + String.join(",", ops(id)));
    words.add("rsp=" + dice.between(1, 3));
    words.add("flags=" + flags());
  }

  private String flags() {
    List<String> flags = new ArrayList<>(List.of(dice.of("gcc", "gcc", "gcc", "dep")));
    for (String flag : List.of("restat", "pool", "sub", "exe")) {
      if (dice.chance(20)) {
        flags.add(flag);
      }
    }
    return String.join(",", flags);
  }

  /** What edges below make, or sources. */
  private String inputs(int id, int count) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add(dice.chance(55) ? product(id) : "../" + dice.of(SOURCES));
    }
    return String.join(",", paths);
  }

  private String product(int id) {
    int other = dice.below(id);
    return other == SCAN ? "o0" : output(other);
  }

  private List<String> ops(int id) {
    List<String> ops = new ArrayList<>(List.of("R"));
    if (id == TARGET) {
      ops.add("r:../src/d4");
    }
    if (dice.chance(30)) {
      ops.add("q");
    }
    for (int i = open ? dice.between(0, 3) : 0; i > 0; i--) {
      ops.add(
          switch (dice.below(10)) {
            case 0, 1 -> "r:" + dice.of("../" + dice.of(HEADERS), "../" + dice.of(SOURCES));
            case 2, 3 -> "r:" + product(id);
            case 4 -> "e:" + anything(id);
            case 5 -> "x:" + anything(id);
            case 6 -> dice.of("d:", "h:") + "../" + dice.of(HEADERS);
            case 7, 8 -> "l:" + dice.of("../inc", "../src", "d");
            case 9 -> dice.of("V", "r:extra");
            default -> throw new IllegalStateException("ten faces");
          });
    }
    if (dice.chance(30)) {
      ops.add("c:" + dice.of(1, 2, 3, 100));
    }
    if (dice.chance(15)) {
      ops.add("s");
    }
    if (dice.chance(12)) {
      ops.add(dice.of("f:", "F:") + dice.of(2, 3, 5));
    }
    return ops;
  }

  private String anything(int id) {
    return dice.of(
        "../" + dice.of(HEADERS), "../" + dice.of(SOURCES), product(id), "../b1/o1", "extra");
  }

  private Turn turn() {
    List<Edit> edits = new ArrayList<>();
    int folder = dice.chance(80) ? 0 : 1;
    for (int i = dice.of(0, 1, 1, 1, 1, 2, 3); i > 0; i--) {
      edits.add(edit("b" + folder + "/"));
    }
    List<String> words = new ArrayList<>(List.of(dice.of("-j1", "-j2", "-j4")));
    if (dice.chance(90)) {
      words.add("-k0");
    }
    if (open && dice.chance(8)) {
      words.add("--strict");
    }
    if (dice.chance(75)) {
      words.add("all");
    } else {
      for (int i = dice.between(1, 2); i > 0; i--) {
        words.add(output(dice.below(edges)));
      }
      words.replaceAll(word -> word.equals(output(SCAN)) ? "dd4" : word);
    }
    switch (dice.below(20)) {
      case 0 -> words.add(Order.RESTART);
      case 1 -> words.add(Order.TWICE);
      case 2 -> words.add(Order.END + dice.between(1, 4));
      default -> {}
    }
    return new Turn(
        folder,
        edits,
        List.of(),
        new Program(Program.Kind.SHELL, words),
        "",
        dice.chance(12) ? Map.of("V", dice.of("1", "2")) : Map.of());
  }

  private Edit edit(String folder) {
    String looked = dice.chance(50) ? dice.of(HEADERS) : dice.of(SOURCES);
    String made = folder + output(dice.below(edges));
    return switch (dice.below(50)) {
      case 0, 1, 2, 3, 4, 5 -> source(dice.of(SOURCES));
      case 6, 7, 8, 9 -> source(dice.of(HEADERS));
      case 10, 11 -> plain(dice.of(PLAIN));
      case 12 -> scanned();
      case 13, 14, 15 -> new Edit.Twist(looked, dice.below(3), true);
      case 16 -> new Edit.Twist(looked, dice.below(3), false);
      case 17, 18 -> new Edit.Touch(looked, 0);
      case 19 -> new Edit.Touch(looked, dice.between(1, 1_500_000_000));
      case 20 -> new Edit.Executable(looked, dice.chance(50));
      case 21 -> new Edit.Delete(dice.of(HEADERS));
      case 22 -> new Edit.Link(dice.of(HEADERS), dice.of("h0", "h1", "../src/s0", "none"));
      case 23 -> new Edit.Folder(dice.of(HEADERS));
      case 24 -> new Edit.Move(dice.of(HEADERS), dice.of(HEADERS));
      case 25, 26, 27, 28 -> edge(dice.below(edges));
      case 29 -> new Edit.Delete(Project.FOLDER + dice.between(10, 13));
      case 30 -> new Edit.Write("edges/base", dice.between(1, 4) + "\n", false, false);
      case 31, 32 -> new Edit.Delete(made);
      case 33 -> new Edit.Write(made, number() + "\n", dice.chance(30), dice.chance(50));
      case 34 -> new Edit.Executable(made, dice.chance(50));
      case 35 -> new Edit.Link(made, "none");
      case 36 -> new Edit.Delete(folder + dice.of(".ninja_log", ".ninja_deps"));
      case 37 -> new Edit.Delete(folder.substring(0, 2));
      case 38 -> new Edit.Save(dice.below(2));
      case 39, 40 -> new Edit.Restore(dice.below(2));
      case 41 -> new Edit.Write(folder + "extra", number() + "\n", false, true);
      case 42 -> new Edit.Delete(folder + "extra");
      case 43, 44, 45 ->
          new Edit.Append(
              Project.FOLDER + dice.below(edges),
              dice.of("rsp=" + dice.between(1, 3), "rsp=4", "salt=" + dice.between(1, 3)));
      case 46, 47 -> plain(dice.of("inc/n", "inc/name", "src/n"));
      case 48 -> new Edit.Delete(dice.of("inc/n", "inc/name", "src/n"));
      default ->
          new Edit.Write(
              ".bricignore",
              dice.of("", "/inc/h1\n", "/inc/h3\n", "/inc/h1\n/inc/h3\n"),
              false,
              true);
    };
  }
}
