package dev.bricolage.memo.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What a random task does: a pure function from what it was answered so far to its next {@link
 * Move}. Chosen by hashing, so that a recipe is a handful of numbers and not a program.
 *
 * @param seed makes one recipe differ from another
 * @param reach what it may ask
 * @param style how it goes about it
 */
record Recipe(long seed, List<Cell> reach, Style style) {
  Recipe {
    reach = List.copyOf(reach);
  }

  /**
   * The traits of a task.
   *
   * @param dynamic whether what it asks depends on answers
   * @param questions about how many groups it asks
   * @param group the largest group; more than one is asked by {@code fetchAll}
   * @param range values are below this; the smaller, the oftener a change is cut off
   * @param failing one run in so many fails, 0 for none
   * @param catching one group in so many is asked with failures caught, 0 for none
   * @param forgetful whether the value 0 is not to be remembered
   */
  record Style(
      boolean dynamic,
      int questions,
      int group,
      int range,
      int failing,
      int catching,
      boolean forgetful) {}

  /** What a task does next. */
  sealed interface Move {}

  /** It asks; {@code together} by {@code fetchAll}, otherwise it is one key. */
  record Ask(List<Cell> cells, boolean together, boolean catches) implements Move {}

  /** It gives a value. */
  record Give(int value) implements Move {}

  /** It throws. */
  record Fail(String text) implements Move {}

  /** Where a task is: all that it knows. */
  record Point(long plan, long known, int asked) {}

  Point start() {
    return new Point(mix(seed), mix(seed + 1), 0);
  }

  /** After an answer, which is the values of the group or one text of failure. */
  Point after(Point point, List<?> answers) {
    long heard = mix(point.known() * 31 + answers.hashCode());
    long plan = mix(point.plan() + (style.dynamic() ? heard : 0));
    return new Point(plan, heard, point.asked() + 1);
  }

  Move next(Point point) {
    Chooser chooser = new Chooser(point.plan());
    boolean more =
        style.dynamic()
            ? chooser.below(style.questions() + 1) > 0 && point.asked() < 3 * style.questions()
            : point.asked() < style.questions();
    if (!reach.isEmpty() && more) {
      return ask(chooser);
    }
    long known = point.known();
    if (style.failing() > 0 && Math.floorMod(known >> 8, style.failing()) == 0) {
      return new Fail("e" + Math.floorMod(known, 2));
    }
    return new Give(Math.floorMod(known, style.range()));
  }

  /** Whether this value is not to be remembered. */
  boolean forgets(int value) {
    return style.forgetful() && value == 0;
  }

  private Ask ask(Chooser chooser) {
    int size = 1 + chooser.below(style.group());
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      cells.add(reach.get(chooser.below(reach.size())));
    }
    boolean catches = style.catching() > 0 && chooser.below(style.catching()) == 0;
    return new Ask(cells, size > 1 || chooser.below(4) == 0, catches);
  }

  /** Numbers that follow from one number. */
  private static final class Chooser {
    private long state;

    Chooser(long state) {
      this.state = state;
    }

    int below(int bound) {
      state = mix(state);
      return Math.floorMod(state >> 16, bound);
    }
  }

  /** SplitMix64: one step. */
  static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
