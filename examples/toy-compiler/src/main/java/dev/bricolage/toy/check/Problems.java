package dev.bricolage.toy.check;

import dev.bricolage.toy.syntax.Problem;
import java.util.List;

/** What a check came to: nothing, or what is wrong in the order of the text. */
public record Problems(List<Problem> list) {
  /** Nothing is wrong. */
  public static final Problems NONE = new Problems(List.of());

  /** Copies. */
  public Problems {
    list = List.copyOf(list);
  }

  /** Whether nothing is wrong. */
  public boolean none() {
    return list.isEmpty();
  }
}
