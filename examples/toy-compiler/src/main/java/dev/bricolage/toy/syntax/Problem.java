package dev.bricolage.toy.syntax;

/**
 * What is wrong with an item.
 *
 * @param at the token it is about, counted from the item's first, so that items above do not matter
 * @param message a sentence without its place
 */
public record Problem(int at, String message) {
  /** The same, counted from the beginning of the file. */
  public Problem below(int start) {
    return new Problem(start + at, message);
  }
}
