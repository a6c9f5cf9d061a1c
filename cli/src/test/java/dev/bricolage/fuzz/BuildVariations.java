package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Builds;
import dev.bricolage.testkit.gen.Dice;
import dev.bricolage.testkit.gen.Edit;
import dev.bricolage.testkit.gen.Program;
import dev.bricolage.testkit.gen.Scenario;
import dev.bricolage.testkit.gen.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds with more of what hides faults: symbolic links that lead elsewhere from build to build,
 * the same command in two folders, tools that fail and clear away. And builds that mostly end well,
 * because one that fails is not remembered as a whole.
 */
final class BuildVariations {
  /** Two of each, so that a link can lead to either. */
  private static final List<String> SIDES = List.of("a", "b");

  private static final int HEADERS = 5;

  private final Dice dice;
  private final boolean linked;
  private final Map<List<String>, Program> varied = new HashMap<>();

  private BuildVariations(Dice dice) {
    this.dice = dice;
    this.linked = dice.chance(50);
  }

  /** The scenario of a seed, with this many builds. */
  static Scenario scenario(long seed, int turns) {
    Scenario plain = Builds.scenario(seed, turns);
    // Other dice, or they would repeat the choices that made the plain one.
    BuildVariations variations = new BuildVariations(new Dice(~seed));
    return plain
        .withStart(variations.start(plain.start()))
        .withTurns(plain.turns().stream().map(variations::turn).toList());
  }

  private List<Edit> start(List<Edit> plain) {
    List<Edit> edits = new ArrayList<>(plain);
    edits.add(constant());
    if (linked) {
      edits.add(new Edit.Move("inc", "inc.a"));
      edits.add(new Edit.Move("s0.c", "s0.a.c"));
      for (String side : SIDES) {
        for (int i = 0; i < HEADERS; i++) {
          edits.add(header("inc." + side, i));
        }
      }
      edits.add(source("s0.b.c"));
      edits.add(new Edit.Link("inc", "inc.a"));
      edits.add(new Edit.Link("s0.c", "s0.a.c"));
    }
    return edits;
  }

  private Edit header(String folder, int number) {
    String text =
        "#ifndef H%1$d\n#define H%1$d\n#undef V%1$d\n#define V%1$d %2$d\n#endif\n"
            .formatted(number, dice.between(20, 24));
    return new Edit.Write(folder + "/h" + number + ".h", text, false, false);
  }

  private Edit source(String path) {
    String text =
        "#include <h%d.h>\nint f0(void) { return %d; }\n"
            .formatted(dice.below(HEADERS), dice.between(5, 9));
    return new Edit.Write(path, text, false, false);
  }

  private Turn turn(Turn plain) {
    List<Edit> edits = new ArrayList<>(plain.edits());
    if (linked && dice.chance(60)) {
      edits.add(relink());
    }
    if (dice.chance(25)) {
      edits.add(linked && dice.chance(50) ? header("inc.a", dice.below(HEADERS)) : constant());
    }
    return plain
        .withEdits(edits)
        .withProgram(varied.computeIfAbsent(plain.program().lines(), this::program));
  }

  /** Its size never changes, so only who reads it sees that it did. */
  private Edit constant() {
    return new Edit.Write("k.c", "int k = %d;\n".formatted(dice.between(11, 14)), false, false);
  }

  /** Only the link changes: everything it can lead to stays as it was. */
  private Edit relink() {
    String side = dice.of(SIDES);
    return switch (dice.below(8)) {
      case 0, 1, 2 -> new Edit.Link("inc", "inc." + side);
      case 3, 4 -> new Edit.Link("s0.c", "s0." + side + ".c");
      case 5 -> new Edit.Link("lnk", dice.of("inc", "alt", "sub", "inc." + side));
      case 6 -> new Edit.Link("sub/h1.h", "../inc." + side + "/h1.h");
      default -> new Edit.Link("data.txt", dice.of("flags.rsp", "Makefile", "main.c"));
    };
  }

  private Program program(List<String> plain) {
    List<String> lines = new ArrayList<>(plain);
    for (int i = dice.below(3); i > 0; i--) {
      lines.add(dice.between(lines.size() / 2, lines.size()), line());
    }
    if (dice.chance(40)) {
      lines.add("cc -c k.c && ar rcs k.a k.o");
    }
    if (dice.chance(85)) {
      lines.add("echo ended with $?");
    }
    return new Program(Program.Kind.SHELL, lines);
  }

  /**
   * None makes a file where edits do: what a build made is a product, and stays one although a
   * person has since written over it.
   */
  private String line() {
    return switch (dice.below(13)) {
      case 0 ->
          "for d in one two; do mkdir -p $d; (cd $d && cc -I../inc -c ../s1.c; mv s1.o ../$d.o); done";
      case 1 ->
          "mkdir -p one two; cp s1.c one/same.c; cp s2.c two/same.c;"
              + " for d in one two; do (cd $d && cc -E -P same.c; cc -c same.c); done";
      case 2 -> "for t in inc alt; do ln -sfn $t now; cc -Inow $F -c -o now.o s1.c; done";
      case 3 ->
          "for t in s1 s2; do ln -sfn $t.c now.c; cc $F -c -o $t.now.o now.c; cc -c now.c; done";
      case 4 ->
          "cc -c -o l1.o s1.c; cc -c -o l2.o s2.c; for i in 1 2; do ln -sf l$i.o l.o;"
              + " ld -r -o all$i.o l.o; rm -f l.a; ar rcs l.a l.o; done";
      case 5 -> "cc -o both main.c s0.c s1.c $F; ls both; cc -o both main.c; ls both";
      case 6 -> "printf '.incbin \"none\"\\n' > bad.s; cp bad.s bad.o; as -o bad.o bad.s; ls bad.o";
      case 7 -> "cc -o run main.c s0.c s1.c $F && strip run && ./run";
      case 8 -> "ln -sfn circle circle; cc -Icircle $F -c -o circle.o s1.c; echo $?";
      case 9 ->
          "for t in inc alt; do ln -sfn $t now; test -e now/h0.h && stat -Lc %s now/h0.h;"
              + " realpath --relative-to=. now/h1.h; find now/ -name 'h[0-2].h' | sort; done";
      case 10 ->
          "mkdir -p gen; for i in 0 1 2; do [ -r inc/h$i.h ] || echo > gen/h$i.h; done;"
              + " cc $F -Igen -c -o filled.o s1.c";
      case 11 -> "for v in 1 2; do cc $F -DW2=$v -c -o w.o s1.c; mv w.o w$v.o; done";
      default -> "cc $F -E s1.c | cc -x cpp-output -c -o piped.o -";
    };
  }
}
