package dev.bricolage.memo;

import java.util.List;
import java.util.stream.Collectors;

/** Keys that wait for each other, on one thread or across several. */
public final class Cycle extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Key<?>> keys;

  /**
   * A cycle.
   *
   * @param keys each asks the next one, and the last asks the first
   */
  public Cycle(List<Key<?>> keys) {
    super(text(keys), null, false, false);
    this.keys = List.copyOf(keys);
  }

  /** The keys, each asking the next, the last asking the first. */
  public List<Key<?>> keys() {
    return keys;
  }

  private static String text(List<Key<?>> keys) {
    return "cycle: "
        + keys.stream().map(Object::toString).collect(Collectors.joining(" → "))
        + " → "
        + keys.getFirst();
  }
}
