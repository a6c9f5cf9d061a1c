package dev.bricolage.memo.profile;

import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Recall;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes what a memo does as a trace that Perfetto and chrome://tracing draw ("Trace Event Format",
 * the array of JSON objects, one a line). Times are microseconds since this was made; each thread
 * is a track of its own. What is written before a crash can be read: the format lets the last
 * bracket be missing.
 *
 * <p>Made for looking at a run, not for leaving on: each event costs about a microsecond and a
 * hundred bytes, and all threads write through one lock. Thread-safe. A place that cannot be
 * written to does not disturb the memo: nothing more is written, and {@link #close} throws.
 */
public final class ChromeTrace implements Consumer<Event>, Closeable {
  /** A revision may change thousands of inputs, and a miss have as many reasons. */
  private static final int SHOWN = 20;

  private final Appendable out;
  private final LongSupplier nanos;
  private final long start;
  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock.
  private final Map<Long, Track> tracks = new HashMap<>();
  private final Map<Key<?>, Track> running = new HashMap<>();
  private boolean begun;
  private boolean closed;
  private Optional<IOException> broken = Optional.empty();

  ChromeTrace(Appendable out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /**
   * A trace written as text; {@link #close} flushes it if it can be flushed, and leaves it open.
   */
  public static ChromeTrace to(Appendable out) {
    return new ChromeTrace(out, System::nanoTime);
  }

  /** A trace written in UTF-8, through a buffer; {@link #close} flushes it and leaves it open. */
  public static ChromeTrace to(OutputStream out) {
    return to(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
  }

  /** Hears of one event, on the thread where it happens. */
  @Override
  public void accept(Event event) {
    long now = nanos.getAsLong() - start;
    Thread thread = Thread.currentThread();
    switch (event) {
      case Event.Started it -> begin(thread, now, Slice.task(it.key()));
      case Event.Ran it -> end(thread, now, it);
      case Event.Waiting it -> begin(thread, now, Slice.wait(it.key()));
      case Event.Resumed it -> end(thread, now, Slice.wait(it.key()), new Args());
      case Event.Cancelled it -> cancelled(thread, now, it.key());
      case Event.Revised it -> mark(thread, now, "revision " + it.revision(), 'g', changed(it));
      case Event.Verified it -> mark(thread, now, "verified", about(it.key()));
      case Event.Recalled it ->
          mark(thread, now, "recalled", about(it.key()).put("questions", it.questions()));
      case Event.Missed it -> mark(thread, now, "missed", missed(it));
      case Event.Recorded it -> mark(thread, now, "recorded", about(it.key()));
      case Event.Forgotten it ->
          mark(thread, now, "forgotten", about(it.key()).put("reason", it.reason()));
      case Event.NotAFunction it -> mark(thread, now, "not a function", about(it.key()));
      case Event.StoreFailed it ->
          mark(thread, now, "store failed", about(it.key()).put("cause", it.cause().toString()));
      case Event.Evicted it -> mark(thread, now, "evicted", about(it.key()));
    }
  }

  /**
   * Ends what is still open, and the array. Events that come later are dropped.
   *
   * @throws IOException when something could not be written
   */
  @Override
  public void close() throws IOException {
    long now = nanos.getAsLong() - start;
    lock.lock();
    try {
      if (!closed) {
        for (Track track : tracks.values()) {
          track.endAll(now, new Args().put("unfinished", true), this::write);
        }
        finish();
      }
    } finally {
      lock.unlock();
    }
    if (broken.isPresent()) {
      IOException cause = broken.get();
      throw new IOException("the trace is not whole: " + cause.getMessage(), cause);
    }
  }

  private void finish() {
    append(begun ? "\n]\n" : "[]\n");
    closed = true;
    if (broken.isEmpty() && out instanceof Flushable flushable) {
      try {
        flushable.flush();
      } catch (IOException e) {
        broken = Optional.of(e);
      }
    }
  }

  private void begin(Thread thread, long now, Slice slice) {
    onTrack(
        thread,
        track -> {
          track.begin(now, slice, this::write);
          if (slice.isTask()) {
            running.put(slice.key(), track);
          }
        });
  }

  private void end(Thread thread, long now, Event.Ran ran) {
    Args args = new Args();
    if (ran.cutOff()) {
      args.put("cut off", true);
    }
    if (ran.failed()) {
      args.put("failed", true);
    }
    end(thread, now, Slice.task(ran.key()), args);
  }

  private void end(Thread thread, long now, Slice slice, Args args) {
    onTrack(
        thread,
        track -> {
          track.end(now, slice, args, this::write);
          if (slice.isTask()) {
            running.remove(slice.key());
          }
        });
  }

  /** Told on whatever thread, and of what did not run yet as well. */
  private void cancelled(Thread thread, long now, Key<?> key) {
    Slice slice = Slice.task(key);
    lock.lock();
    try {
      Track track = running.remove(key);
      if (track != null && !closed) {
        track.end(now, slice, new Args().put("cancelled", true), this::write);
        return;
      }
    } finally {
      lock.unlock();
    }
    mark(thread, now, "cancelled", about(key));
  }

  private void mark(Thread thread, long now, String name, Args args) {
    mark(thread, now, name, 't', args);
  }

  private void mark(Thread thread, long now, String name, char scope, Args args) {
    onTrack(thread, track -> track.mark(now, name, scope, args, this::write));
  }

  private void onTrack(Thread thread, Consumer<Track> act) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      act.accept(tracks.computeIfAbsent(thread.threadId(), id -> named(id, thread)));
    } finally {
      lock.unlock();
    }
  }

  private Track named(long id, Thread thread) {
    Track track = new Track(id);
    track.name(thread, this::write);
    return track;
  }

  private static Args about(Key<?> key) {
    return new Args().put("key", Slice.text(key));
  }

  private static Args changed(Event.Revised revised) {
    List<String> shown = revised.changed().stream().limit(SHOWN).map(Slice::text).toList();
    return new Args().put("changes", revised.changed().size()).put("changed", shown);
  }

  private static Args missed(Event.Missed missed) {
    Args args = about(missed.key());
    return switch (missed.why()) {
      case Recall.FirstTime() -> args.put("reason", "no trace was ever recorded");
      case Recall.Fits fits -> args.put("reason", "its value was not read: " + fits.value());
      case Recall.Lost(String value) -> args.put("reason", "its value is lost: " + value);
      case Recall.Differs(List<Recall.Difference> all) ->
          args.put("differences", all.size())
              .put("differs", all.stream().limit(SHOWN).map(Object::toString).toList());
    };
  }

  private void write(CharSequence event) {
    append(begun ? ",\n" : "[\n");
    append(event);
    begun = true;
  }

  private void append(CharSequence text) {
    if (broken.isPresent()) {
      return;
    }
    try {
      out.append(text);
    } catch (IOException e) {
      broken = Optional.of(e);
    }
  }
}
