package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads what the frames of inner runs hold ({@code docs/formats/plan.md}) and gives it to them.
 * Used by the frame reader's thread alone.
 */
final class InnerFrames {
  private static final int LEFT_BEHIND = 1;
  private static final int TORN = 2;
  private static final InnerRequest.Kind[] KINDS = InnerRequest.Kind.values();

  private final InnerRuns runs;
  private final InnerCall.Wire wire;
  private final Map<Integer, InnerCall> calls = new HashMap<>();
  private boolean legible;

  InnerFrames(InnerRuns runs, InnerCall.Wire wire) {
    this.runs = runs;
    this.wire = wire;
  }

  /** The inner run whose number is next in the buffer. */
  InnerCall call(ByteBuffer buffer) {
    return calls.computeIfAbsent(buffer.getInt(), number -> new InnerCall(number, runs, wire));
  }

  void asked(ByteBuffer buffer) {
    InnerCall call = call(buffer);
    legible = true;
    Path root = Path.of("/proc", Integer.toString(buffer.getInt()), "root");
    int umask = buffer.getInt();
    InnerRequest.Kinds kinds = new InnerRequest.Kinds(kind(buffer), kind(buffer), kind(buffer));
    buffer.get();
    List<Limit> now = limits(buffer);
    List<Limit> usual = limits(buffer);
    String tool = text(buffer);
    String called = text(buffer);
    String cwd = text(buffer);
    InnerRequest.Words words = words(buffer);
    List<InnerRequest.Limited> limits = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      limits.add(new InnerRequest.Limited(now.get(i), usual.get(i)));
    }
    InnerRequest.Settings settings = new InnerRequest.Settings(umask, kinds, limits);
    call.start(new InnerRequest(call, tool, called, cwd, words, settings, root));
  }

  private static List<Limit> limits(ByteBuffer buffer) {
    List<Limit> limits = new ArrayList<>();
    for (Limit.Resource resource : Limit.Resource.values()) {
      limits.add(new Limit(resource, bound(buffer), bound(buffer)));
    }
    return limits;
  }

  /** RLIM64_INFINITY has all bits set. */
  private static OptionalLong bound(ByteBuffer buffer) {
    long bound = buffer.getLong();
    return bound == -1 ? OptionalLong.empty() : OptionalLong.of(bound);
  }

  private static InnerRequest.Kind kind(ByteBuffer buffer) {
    return KINDS[buffer.get()];
  }

  private InnerRequest.Words words(ByteBuffer buffer) {
    int argc = buffer.getInt();
    int envc = buffer.getInt();
    int end = buffer.getInt() + buffer.position();
    List<String> argv = strings(buffer, argc, end);
    List<String> env = strings(buffer, envc, end);
    return new InnerRequest.Words(argv, env, legible);
  }

  private List<String> strings(ByteBuffer buffer, int count, int end) {
    List<String> strings = new ArrayList<>(count);
    for (int i = 0; i < count && buffer.position() < end; i++) {
      int start = buffer.position();
      int at = start;
      while (at < end && buffer.get(at) != 0) {
        at++;
      }
      strings.add(decode(buffer, start, at - start));
      buffer.position(Math.min(at + 1, end));
    }
    return strings;
  }

  private String text(ByteBuffer buffer) {
    int length = buffer.getInt();
    int start = buffer.position();
    buffer.position(start + length);
    return decode(buffer, start, length);
  }

  private String decode(ByteBuffer buffer, int start, int length) {
    byte[] bytes = new byte[length];
    buffer.get(start, bytes);
    String text = new String(bytes, UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      legible &= isUtf8(bytes);
    }
    return text;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  void cancelled(ByteBuffer buffer) {
    int number = buffer.getInt();
    Optional.ofNullable(calls.remove(number)).ifPresent(InnerCall::cancel);
  }

  void output(ByteBuffer buffer, int end, boolean toStderr) {
    InnerCall call = call(buffer);
    byte[] bytes = new byte[end - buffer.position()];
    buffer.get(bytes);
    call.output(toStderr, bytes);
  }

  void changes(ByteBuffer buffer, int end) {
    InnerCall call = call(buffer);
    legible = true;
    while (buffer.position() < end) {
      call.changed.add(text(buffer));
    }
    if (!legible) {
      call.illegible = true;
    }
  }

  void input(ByteBuffer buffer, int end) {
    InnerCall call = call(buffer);
    boolean whole = buffer.get() != 0;
    byte[] bytes = new byte[end - buffer.position()];
    buffer.get(bytes);
    call.input(new InnerRequest.Input(bytes, whole));
  }

  /** The tail of an end frame, after what it shares with the outer run's. */
  void ended(ByteBuffer buffer, InnerCall call, Ended.Exit exit, Ended.Usage usage) {
    int flags = buffer.get();
    int killed = buffer.getInt();
    Set<Integer> used = new HashSet<>();
    for (int left = buffer.getInt(); left > 0; left--) {
      used.add(buffer.getInt());
    }
    String reason = text(buffer);
    Optional<String> unobserved =
        reason.isEmpty()
            ? call.illegible ? Optional.of("a name is not UTF-8") : Optional.empty()
            : Optional.of(reason);
    OptionalInt known = killed < 0 ? OptionalInt.empty() : OptionalInt.of(killed);
    call.ended(
        exit, usage, used, (flags & LEFT_BEHIND) != 0, (flags & TORN) != 0, known, unobserved);
    calls.remove(call.number());
  }

  /** The run as a whole has ended. */
  void close() {
    calls.values().forEach(InnerCall::cancel);
    calls.clear();
  }
}
