package dev.bricolage.memo.profile;

import dev.bricolage.memo.Key;

/**
 * A stretch of time on a thread.
 *
 * @param category {@code task} or {@code wait}
 * @param key what is computed, or waited for
 */
record Slice(String category, Key<?> key) {
  private static final int LONGEST = 256;

  static Slice task(Key<?> key) {
    return new Slice("task", key);
  }

  static Slice wait(Key<?> key) {
    return new Slice("wait", key);
  }

  boolean isTask() {
    return category.equals("task");
  }

  /** As it is drawn. */
  String name() {
    return isTask() ? text(key) : "wait for " + text(key);
  }

  /** A key for people: whatever its own text does, it must not disturb the memo. */
  static String text(Key<?> key) {
    String text;
    try {
      text = key.toString();
    } catch (RuntimeException e) {
      return key.getClass().getSimpleName() + " (its text failed: " + e + ")";
    }
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
