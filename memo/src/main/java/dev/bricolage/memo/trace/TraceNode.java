package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A trace as {@link TraceTree} keeps it: by what it has otherwise than the trace above it, so that
 * traces that differ in one step cost one step. Written once; only its value is ever replaced.
 *
 * @param minus the steps of the trace above that this one lacks, as numbers of {@link Facts}
 * @param plus the steps that the trace above lacks
 * @param value what the run gave
 * @param seal a hash that ties the value to its key and to all of the trace's steps; its size is
 *     not used
 */
record TraceNode(List<Integer> minus, List<Integer> plus, String value, Digest seal) {
  private static final int VERSION = 2;

  TraceNode {
    minus = List.copyOf(minus);
    plus = List.copyOf(plus);
  }

  /** A node whose trace has steps of this sum. */
  static TraceNode sealed(
      Digest key, Sum steps, List<Integer> minus, List<Integer> plus, String value) {
    return new TraceNode(minus, plus, value, seal(key, steps, value));
  }

  /** Whether this is what was written for this key and these steps. */
  boolean isSealedFor(Digest key, Sum steps) {
    return seal.equals(seal(key, steps, value));
  }

  private static Digest seal(Digest key, Sum steps, String value) {
    byte[] sealed =
        Encoding.bytes(out -> {
          out.write(key.hash());
          out.writeLong(steps.a());
          out.writeLong(steps.b());
          out.writeLong(steps.c());
          out.writeLong(steps.d());
          Encoding.text(out, value);
        });
    return Digest.of(Digest.of(sealed).hash(), 0);
  }

  byte[] encode() {
    return Encoding.bytes(out -> {
      out.writeByte(VERSION);
      out.write(seal.hash());
      Encoding.numbers(out, minus);
      Encoding.numbers(out, plus);
      Encoding.text(out, value);
    });
  }

  /** Empty when the bytes are of another version or damaged: then there is no such node. */
  static Optional<TraceNode> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
      byte[] hash = new byte[Digest.HASH_BYTES];
      in.readFully(hash);
      List<Integer> minus = Encoding.numbers(in);
      List<Integer> plus = Encoding.numbers(in);
      String value = Encoding.text(in);
      return Optional.of(new TraceNode(minus, plus, value, Digest.of(hash, 0)));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  /** Texts and questions as bytes. */
  static final class Encoding {
    private Encoding() {}

    /** What writes one encoding. */
    interface Body {
      void to(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Body body) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        body.to(new DataOutputStream(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException("memory does not fail to be written", e);
      }
      return bytes.toByteArray();
    }

    static void text(DataOutputStream out, String text) throws IOException {
      ByteBuffer utf8 = utf8(text);
      out.writeInt(utf8.remaining());
      out.write(utf8.array(), utf8.arrayOffset() + utf8.position(), utf8.remaining());
    }

    /** Half a surrogate pair would become a question mark, and two questions one. */
    private static ByteBuffer utf8(String text) {
      try {
        return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("not a text that UTF-8 can hold: " + text, e);
      }
    }

    static String text(DataInputStream in) throws IOException {
      return new String(in.readNBytes(count(in)), StandardCharsets.UTF_8);
    }

    static void numbers(DataOutputStream out, List<Integer> numbers) throws IOException {
      out.writeInt(numbers.size());
      for (int number : numbers) {
        out.writeInt(number);
      }
    }

    static List<Integer> numbers(DataInputStream in) throws IOException {
      int count = count(in);
      List<Integer> numbers = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        numbers.add(in.readInt());
      }
      return numbers;
    }

    static void question(DataOutputStream out, Question question) throws IOException {
      text(out, question.kind());
      text(out, question.subject());
    }

    static Question question(DataInputStream in) throws IOException {
      return new Question(text(in), text(in));
    }

    /** A count that the remaining bytes can hold, so that damage cannot ask for all memory. */
    static int count(DataInputStream in) throws IOException {
      int count = in.readInt();
      if (count < 0 || count > in.available()) {
        throw new IOException(
            "a count of " + count + " where " + in.available() + " bytes are left");
      }
      return count;
    }
  }
}
