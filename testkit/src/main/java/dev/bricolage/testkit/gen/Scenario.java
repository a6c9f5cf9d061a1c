package dev.bricolage.testkit.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A tree, and turns at it: a function of the seed.
 *
 * @param seed what it was made from
 * @param marking how the workspace's root is known
 * @param portable whether no run depends on where the tree is
 * @param start what makes the first tree from an empty folder
 * @param hostStart what makes the host's folder
 * @param turns in order
 */
public record Scenario(
    long seed,
    Marking marking,
    boolean portable,
    List<Edit> start,
    List<Edit> hostStart,
    List<Turn> turns) {
  /** How many checkouts there are. */
  public static final int WORKSPACES = 3;

  /** How many trees are kept for a change of branch. */
  private static final int SLOTS = 2;

  /** What says where the workspace begins, and which files belong to it. */
  public enum Marking {
    /** Nothing. */
    NONE,
    /** A {@code bric.toml}. */
    MARKER,
    /** A git repository that tracks some files, and ignores some. */
    GIT
  }

  /** The scenario of a seed, with this many turns. */
  public static Scenario of(long seed, int turns) {
    return new Author(new Dice(seed)).write(seed, turns);
  }

  /** The same with other turns. */
  public Scenario withTurns(List<Turn> other) {
    return new Scenario(seed, marking, portable, start, hostStart, other);
  }

  /** The same from another first tree. */
  public Scenario withStart(List<Edit> other) {
    return new Scenario(seed, marking, portable, other, hostStart, turns);
  }

  /** Writes a scenario. */
  private static final class Author {
    private final Dice dice;
    private final Terrain terrain;
    private final Marking marking;
    private final List<Program> programs = new ArrayList<>();

    Author(Dice dice) {
      this.dice = dice;
      boolean portable = dice.chance(35);
      this.terrain = new Terrain(dice, portable, portable ? 0 : dice.of(3, 3, 35));
      this.marking = dice.of(Marking.NONE, Marking.NONE, Marking.MARKER, Marking.GIT);
    }

    Scenario write(long seed, int count) {
      List<Edit> start = new ArrayList<>(List.of(new Edit.Save(0)));
      for (String folder : Terrain.FOLDERS) {
        if (dice.chance(70)) {
          start.add(new Edit.Folder(folder));
        }
      }
      for (int i = 0; i < 14; i++) {
        start.add(dice.chance(80) ? write() : new Edit.Link(terrain.source(), terrain.target()));
      }
      List<Edit> host = new ArrayList<>();
      for (String file : Terrain.HOST_FILES) {
        host.add(new Edit.Write(file, terrain.content(false), false, false));
      }
      for (int i = 0; i < 4; i++) {
        programs.add(Program.of(terrain));
      }
      List<Turn> turns = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        turns.add(turn());
      }
      return new Scenario(seed, marking, terrain.portable(), start, host, turns);
    }

    private Turn turn() {
      List<Edit> edits = new ArrayList<>();
      if (dice.chance(80)) {
        int count = dice.chance(75) ? 1 : dice.between(2, 4);
        for (int i = 0; i < count; i++) {
          edits.add(edit());
        }
      }
      List<Edit> host = new ArrayList<>();
      if (dice.chance(terrain.hostShare())) {
        host.add(hostEdit());
      }
      if (dice.chance(4)) {
        programs.set(dice.below(programs.size()), Program.of(terrain));
      }
      return new Turn(
          dice.chance(60) ? 0 : dice.between(1, WORKSPACES - 1),
          edits,
          host,
          dice.of(programs),
          marking != Marking.NONE && dice.chance(5) ? "d" : "",
          dice.chance(10) ? Map.of("FUZZ", "on") : Map.of());
    }

    private Edit edit() {
      String path = dice.chance(88) ? terrain.source() : terrain.product();
      return switch (dice.below(34)) {
        case 0, 1, 2, 3, 4, 5 -> write();
        case 6, 7, 8, 9 -> new Edit.Twist(path, dice.below(8), dice.chance(50));
        case 10, 11 -> new Edit.Append(path, "v" + dice.below(3));
        case 12, 13, 14, 15 -> new Edit.Delete(path);
        case 16 -> new Edit.Delete(terrain.folder());
        case 17, 18 -> new Edit.Folder(terrain.folder());
        case 19 -> new Edit.Folder(path);
        case 20, 21, 22 -> new Edit.Link(path, terrain.target());
        case 23 -> new Edit.Link(terrain.folder(), terrain.target());
        case 24, 25 -> new Edit.Executable(path, dice.chance(50));
        case 26 -> new Edit.Touch(path, dice.between(0, 2_000_000_000));
        case 27 -> new Edit.Move(terrain.source(), terrain.source());
        case 28 -> new Edit.Move(terrain.folder(), terrain.folder());
        case 29 -> new Edit.Save(dice.below(SLOTS));
        case 30, 31 -> new Edit.Restore(dice.below(SLOTS));
        case 32 -> new Edit.Delete("out");
        default -> ignoreRules();
      };
    }

    private Edit write() {
      return new Edit.Write(
          terrain.source(), terrain.content(true), dice.chance(30), dice.chance(50));
    }

    private Edit ignoreRules() {
      String file = marking == Marking.GIT && dice.chance(60) ? ".gitignore" : ".bricignore";
      String rules = dice.of("", "b\n", "d/\n", "*.h\n!x/c.h\n", "/l*\n", "out/\n", "d/*\n!d/e\n");
      return new Edit.Write(dice.chance(80) ? file : "d/" + file, rules, false, true);
    }

    private Edit hostEdit() {
      String path = dice.of(Terrain.HOST_FILES);
      return switch (dice.below(4)) {
        case 0 -> new Edit.Delete(path);
        case 1 -> new Edit.Twist(path, dice.below(8), dice.chance(50));
        default -> new Edit.Write(path, terrain.content(false), false, dice.chance(50));
      };
    }
  }
}
