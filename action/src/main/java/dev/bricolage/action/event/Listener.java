package dev.bricolage.action.event;

/** Hears of events, in their order, from one thread or several; it must not keep them waiting. */
@FunctionalInterface
public interface Listener {
  /** Nobody listens. */
  Listener NOBODY = event -> {};

  /** Something has happened. */
  void hear(Event event);
}
