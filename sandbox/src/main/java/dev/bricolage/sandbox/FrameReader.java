package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the helper's frames of one run, passes output on, and gathers the rest. */
final class FrameReader {
  private static final int ROOM = 1 << 17;
  private static final Sighting.Kind[] KINDS = Sighting.Kind.values();

  private final ReadableByteChannel channel;
  private final Console console;
  private final InnerFrames inner;
  private final List<Sighting> sightings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private ByteBuffer buffer = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private Optional<String> unreadable = Optional.empty();

  FrameReader(ReadableByteChannel channel, Console console, InnerFrames inner) {
    this.channel = channel;
    this.console = console;
    this.inner = inner;
  }

  /** Reads to the end frame. Throws when the connection ends before. */
  Ended read() throws IOException {
    while (true) {
      require(Integer.BYTES);
      int length = buffer.getInt();
      if (length < 1) {
        throw new IOException("the sandbox helper sent a frame of " + length + " bytes");
      }
      require(length);
      int end = buffer.position() + length;
      Optional<Ended> ended = frame(end);
      if (ended.isPresent()) {
        return ended.get();
      }
      buffer.position(end);
    }
  }

  private Optional<Ended> frame(int end) throws IOException {
    byte type = buffer.get();
    switch (type) {
      case 'o' -> console.stdout(buffer.array(), buffer.position(), end - buffer.position());
      case 'e' -> console.stderr(buffer.array(), buffer.position(), end - buffer.position());
      case 'n' -> notes.add(rest(end));
      case 'q' -> questions(end, sightings);
      case 'a' -> inner.asked(buffer);
      case 'c' -> inner.cancelled(buffer);
      case 'i' -> inner.input(buffer, end);
      case 'O' -> inner.output(buffer, end, false);
      case 'E' -> inner.output(buffer, end, true);
      case 'Q' -> questionsOf(inner.call(buffer), end);
      case 'W' -> inner.changes(buffer, end);
      case 'X' -> innerEnded(inner.call(buffer));
      case 'f' -> {
        return Optional.of(refused(end));
      }
      case 'x' -> {
        return Optional.of(ended(end));
      }
      default -> throw new IOException("the sandbox helper sent a frame of unknown type " + type);
    }
    return Optional.empty();
  }

  private void questionsOf(InnerCall call, int end) {
    Optional<String> before = unreadable;
    unreadable = Optional.empty();
    questions(end, call.sightings);
    call.illegible |= unreadable.isPresent();
    unreadable = before;
  }

  private void questions(int end, List<Sighting> into) {
    while (buffer.position() < end) {
      Sighting.Kind kind = KINDS[buffer.get()];
      boolean existed = buffer.get() != 0;
      int length = buffer.getInt();
      Optional<String> path = path(buffer.position(), length);
      path.ifPresent(text -> into.add(new Sighting(kind, text, existed)));
      buffer.position(buffer.position() + length);
    }
  }

  private Optional<String> path(int start, int length) {
    String text = new String(buffer.array(), start, length, UTF_8);
    if (text.indexOf('\uFFFD') < 0 || isUtf8(start, length)) {
      return Optional.of(text);
    }
    String reason = "name is not UTF-8: " + escaped(start, length);
    notes.add(reason);
    unreadable = unreadable.or(() -> Optional.of(reason));
    return Optional.empty();
  }

  private boolean isUtf8(int start, int length) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer.array(), start, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private String escaped(int start, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = start; i < start + length; i++) {
      int value = buffer.array()[i] & 0xff;
      if (value >= ' ' && value < 0x7f && value != '\\') {
        text.append((char) value);
      } else {
        text.append(String.format("\\x%02x", value));
      }
    }
    return text.toString();
  }

  private Ended refused(int end) {
    buffer.getInt(); // the operation's index and the errno: the message has both in words
    buffer.getInt();
    return new Ended(
        new Ended.Refused(rest(end)), Ended.Usage.NONE, List.of(), notes, Optional.empty());
  }

  private void innerEnded(InnerCall call) {
    Ended.Exit exit = exit();
    inner.ended(buffer, call, exit, usage());
  }

  private Ended.Exit exit() {
    boolean signalled = buffer.get() != 0;
    int number = buffer.getInt();
    return signalled ? new Ended.Killed(number) : new Ended.Exited(number);
  }

  private Ended.Usage usage() {
    Ended.Usage usage =
        new Ended.Usage(
            micros(),
            micros(),
            micros(),
            buffer.getLong() * 1024,
            buffer.getLong(),
            buffer.getLong());
    buffer.getLong(); // the number of questions: they are here
    return usage;
  }

  private Ended ended(int end) {
    Ended.Exit exit = exit();
    Ended.Usage usage = usage();
    buffer.getInt();
    String reason = rest(end);
    Optional<String> unobserved = reason.isEmpty() ? unreadable : Optional.of(reason);
    return new Ended(exit, usage, sightings, notes, unobserved);
  }

  private Duration micros() {
    return Duration.of(buffer.getLong(), ChronoUnit.MICROS);
  }

  private String rest(int end) {
    return new String(buffer.array(), buffer.position(), end - buffer.position(), UTF_8);
  }

  /** Reads until the buffer holds {@code length} bytes beyond its position. */
  private void require(int length) throws IOException {
    if (buffer.remaining() >= length) {
      return;
    }
    makeRoom(length);
    int start = buffer.position();
    buffer.position(buffer.limit()).limit(buffer.capacity());
    while (buffer.position() - start < length) {
      if (channel.read(buffer) < 0) {
        throw new IOException(
            "the sandbox helper died during the run (was it killed, or out of memory?);"
                + " run the command again");
      }
    }
    buffer.limit(buffer.position()).position(start);
  }

  private void makeRoom(int length) {
    if (buffer.capacity() - buffer.position() >= length) {
      return;
    }
    if (length <= buffer.capacity()) {
      buffer.compact().flip();
      return;
    }
    ByteBuffer larger = ByteBuffer.allocate(2 * length).order(ByteOrder.LITTLE_ENDIAN);
    buffer = larger.put(buffer).flip();
  }
}
