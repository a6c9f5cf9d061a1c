package dev.bricolage.testkit.gen;

import java.util.ArrayList;
import java.util.List;

/**
 * What a turn runs.
 *
 * @param kind what obeys the lines
 * @param lines its text
 */
public record Program(Kind kind, List<String> lines) {
  /** Who obeys. */
  public enum Kind {
    /** {@code ops.c}, linked statically. */
    STATIC,
    /** {@code ops.c}, linked dynamically. */
    DYNAMIC,
    /** {@code sh} and the host's programs. */
    SHELL
  }

  /** A program without the line at this place. */
  public Program without(int index) {
    List<String> fewer = new ArrayList<>(lines);
    fewer.remove(index);
    return new Program(kind, fewer);
  }

  /** The command. {@code host} is the folder of the host that holds {@code ops}. */
  public List<String> arguments(String host) {
    String text = String.join("\n", lines).replace("%H", host);
    return switch (kind) {
      case STATIC -> List.of(host + "/ops", "-c", text);
      case DYNAMIC -> List.of(host + "/ops-dynamic", "-c", text);
      case SHELL -> List.of("sh", "-c", text);
    };
  }

  static Program of(Terrain terrain) {
    Dice dice = terrain.dice();
    boolean tame = dice.chance(65);
    int which = dice.below(100);
    if (which < 45) {
      return new Program(Kind.STATIC, new Operations(terrain, tame).program());
    }
    if (which < 60) {
      return new Program(Kind.DYNAMIC, new Operations(terrain, tame).program());
    }
    return new Program(Kind.SHELL, new ShellLines(terrain, tame).program());
  }
}
