package dev.bricolage.memo.engine;

import dev.bricolage.memo.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what happens, in short lines, for tests to compare. */
final class Heard implements Consumer<Event> {
  private final List<String> lines = new ArrayList<>();

  @Override
  public synchronized void accept(Event event) {
    switch (event) {
      case Event.Started started -> lines.add("run " + started.key());
      case Event.Verified verified -> lines.add("stands " + verified.key());
      case Event.Recalled recalled -> lines.add("recall " + recalled.key());
      case Event.Cancelled cancelled -> lines.add("cancel " + cancelled.key());
      case Event.Evicted evicted -> lines.add("evict " + evicted.key());
      case Event.Forgotten forgotten ->
          lines.add("forget " + forgotten.key() + ": " + forgotten.reason());
      case Event.NotAFunction not -> lines.add("not a function " + not.key());
      case Event.StoreFailed failed -> lines.add("store failed " + failed.key());
      default -> {}
    }
  }

  /** The lines since the last time. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }
}
