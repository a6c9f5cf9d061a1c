package dev.bricolage.remote.sharing;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A trace as it travels, {@code docs/formats/shared-traces.md}. */
final class TraceBytes {
  private static final byte[] MAGIC = "bric trace 1\n".getBytes(StandardCharsets.US_ASCII);

  private TraceBytes() {}

  static byte[] encode(Trace trace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(MAGIC);
      question(out, trace.key());
      text(out, trace.order().name());
      out.writeInt(trace.groups().size());
      for (List<Step> group : trace.groups()) {
        out.writeInt(group.size());
        for (Step step : group) {
          question(out, step.question());
          text(out, step.answer());
        }
      }
      text(out, trace.value());
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /** Empty when the bytes are no trace: of another version, cut off, or somebody's joke. */
  static Optional<Trace> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        return Optional.empty();
      }
      Question key = question(in);
      Trace.Order order = Trace.Order.valueOf(text(in));
      int count = count(in);
      List<List<Step>> groups = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        groups.add(group(in));
      }
      Trace trace = new Trace(key, order, groups, text(in));
      return in.read() < 0 ? Optional.of(trace) : Optional.empty();
    } catch (IOException | IllegalArgumentException noTrace) {
      return Optional.empty();
    }
  }

  private static List<Step> group(DataInputStream in) throws IOException {
    int steps = count(in);
    List<Step> group = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      group.add(new Step(question(in), text(in)));
    }
    return group;
  }

  private static void question(DataOutputStream out, Question question) throws IOException {
    text(out, question.kind());
    text(out, question.subject());
  }

  private static Question question(DataInputStream in) throws IOException {
    return new Question(text(in), text(in));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(count(in)), StandardCharsets.UTF_8);
  }

  /** A count that the remaining bytes can hold, so that nobody can ask for all memory. */
  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > in.available()) {
      throw new IOException("a count of " + count + " where " + in.available() + " bytes are left");
    }
    return count;
  }
}
