package dev.bricolage.memo.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One thread: what is open on it, innermost last. Slices of a track lie within each other. */
final class Track {
  private final long id;
  private final List<Slice> open = new ArrayList<>();

  /** The track of the thread with this id. */
  Track(long id) {
    this.id = id;
  }

  /** Says what the thread is called. */
  void name(Thread thread, Consumer<CharSequence> out) {
    String kind = thread.isVirtual() ? "virtual" : "thread";
    String name = thread.getName().isEmpty() ? kind + " " + id : thread.getName();
    out.accept(new Line('M', "thread_name", id, 0).args(new Args().put("name", name)).text());
  }

  void begin(long nanos, Slice slice, Consumer<CharSequence> out) {
    open.add(slice);
    out.accept(new Line('B', slice.name(), id, nanos).category(slice.category()).text());
  }

  /**
   * Ends a slice, and what is open inside it. An end whose beginning was not heard, as when
   * listening began in the middle, is a mark.
   */
  void end(long nanos, Slice slice, Args args, Consumer<CharSequence> out) {
    int at = open.lastIndexOf(slice);
    if (at < 0) {
      mark(nanos, "end of " + slice.name(), 't', args, out);
      return;
    }
    while (open.size() > at + 1) {
      endInnermost(nanos, new Args(), out);
    }
    endInnermost(nanos, args, out);
  }

  void endAll(long nanos, Args args, Consumer<CharSequence> out) {
    while (!open.isEmpty()) {
      endInnermost(nanos, args, out);
    }
  }

  /**
   * Something that took no time.
   *
   * @param scope how far it is drawn: {@code t} on its thread, {@code g} across all
   */
  void mark(long nanos, String name, char scope, Args args, Consumer<CharSequence> out) {
    out.accept(new Line('i', name, id, nanos).scope(scope).args(args).text());
  }

  private void endInnermost(long nanos, Args args, Consumer<CharSequence> out) {
    Slice slice = open.removeLast();
    out.accept(new Line('E', slice.name(), id, nanos).category(slice.category()).args(args).text());
  }
}
