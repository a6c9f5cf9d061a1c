package dev.bricolage.testkit.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes scenarios in which C projects are built. */
public final class Builds {
  private final Dice dice;
  private final CSources sources;
  private final BuildLines lines;
  private final List<Program> programs = new ArrayList<>();

  private Builds(long seed) {
    this.dice = new Dice(seed);
    this.sources = new CSources(dice);
    this.lines = new BuildLines(dice);
  }

  /** The scenario of a seed, with this many builds. */
  public static Scenario scenario(long seed, int turns) {
    return new Builds(seed).write(seed, turns);
  }

  private Scenario write(long seed, int count) {
    List<Edit> start = new ArrayList<>();
    for (int i = 0; i < CSources.SOURCES.size(); i++) {
      start.add(sources.source(i));
    }
    start.add(sources.main());
    start.add(sources.generator());
    start.add(sources.maker());
    start.add(sources.makefile());
    start.add(new Edit.Write("data.txt", "data\n", false, false));
    start.add(new Edit.Write("flags.rsp", "-DV0=20\n", false, false));
    if (dice.chance(50)) {
      start.add(new Edit.Link("lnk", dice.of("inc", "alt", "sub")));
    }
    for (int i = 0; i < 8; i++) {
      start.add(sources.header());
    }
    for (int i = 0; i < 3; i++) {
      programs.add(lines.program());
    }
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(turn());
    }
    return new Scenario(seed, Scenario.Marking.MARKER, true, start, List.of(), turns);
  }

  private Turn turn() {
    List<Edit> edits = new ArrayList<>();
    for (int i = dice.between(1, 3); i > 0; i--) {
      edits.add(edit());
    }
    if (dice.chance(15)) {
      programs.set(dice.below(programs.size()), lines.program());
    }
    return new Turn(
        dice.chance(60) ? 0 : dice.between(1, Scenario.WORKSPACES - 1),
        edits,
        List.of(),
        dice.of(programs),
        "",
        variables());
  }

  private Map<String, String> variables() {
    return switch (dice.below(20)) {
      case 0 -> Map.of("CPATH", "alt");
      case 1 -> Map.of("CPATH", "sub:");
      case 2 -> Map.of("C_INCLUDE_PATH", "sys");
      case 3 -> Map.of("LIBRARY_PATH", "lib1");
      case 4 -> Map.of("COMPILER_PATH", "tools");
      default -> Map.of();
    };
  }

  private Edit edit() {
    return switch (dice.below(30)) {
      case 0, 1, 2 -> new Edit.Delete(sources.headerPath());
      case 3 -> new Edit.Link(sources.headerPath(), sources.linkTarget());
      case 4 -> new Edit.Link("lnk", dice.of("inc", "alt", "sys", "none"));
      case 5 -> new Edit.Delete("lnk");
      case 6 -> new Edit.Move(sources.headerPath(), sources.headerPath());
      case 7 -> new Edit.Move(dice.of(CSources.FOLDERS), dice.of(CSources.FOLDERS));
      case 8 -> new Edit.Append(sources.headerPath(), "// v" + dice.below(3));
      case 9 -> new Edit.Append(dice.of(CSources.SOURCES), "// v" + dice.below(3));
      case 10 -> new Edit.Touch(sources.headerPath(), dice.between(0, 2_000_000_000));
      case 11, 12 -> new Edit.Save(dice.below(2));
      case 13, 14, 15 -> new Edit.Restore(dice.below(2));
      case 16 -> new Edit.Folder(sources.headerPath());
      case 17 -> new Edit.Folder(dice.of(CSources.FOLDERS));
      case 18 -> new Edit.Delete(dice.of("pre.h", "inc/pre.h", "lib1", "data.txt", "tools"));
      case 19 ->
          new Edit.Write(
              "tools/as", "#!/bin/sh\necho own as >&2\nexec /usr/bin/as \"$@\"\n", true, false);
      default -> sources.write();
    };
  }
}
