package dev.bricolage.memo;

/** Whoever asks a memo: hears what happens for its sake. A task may know more of it by its type. */
public interface Asker {
  /** Who does not listen. */
  Asker NOBODY = new Asker() {};

  /** Called on the thread on which it happens; must return soon and throw nothing. */
  default void heard(Event event) {}
}
