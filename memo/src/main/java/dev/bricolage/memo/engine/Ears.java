package dev.bricolage.memo.engine;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Event;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who hears of events: the memo's own listener, and who asks. */
final class Ears {
  private final Optional<Consumer<Event>> listener;

  Ears(Optional<Consumer<Event>> listener) {
    this.listener = listener;
  }

  /** Whether anybody listens; if not, what happens need not even be written down. */
  boolean open(Strand strand) {
    return listener.isPresent() || !strand.request.asker.equals(Asker.NOBODY);
  }

  void hear(Strand strand, Supplier<Event> event) {
    if (open(strand)) {
      Event happened = event.get();
      listener.ifPresent(ear -> tell(ear, happened));
      tell(strand.request.asker::heard, happened);
    }
  }

  /** Of what happens for nobody's sake in particular. */
  void hear(Supplier<Event> event) {
    listener.ifPresent(ear -> tell(ear, event.get()));
  }

  /** An ear that throws is told of as a thread's end would be, and breaks nothing. */
  private static void tell(Consumer<Event> ear, Event event) {
    try {
      ear.accept(event);
    } catch (RuntimeException | Error broken) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, broken);
    }
  }
}
