package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.trace.TraceNode.Encoding;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A trace as it travels, {@code docs/formats/shared-traces.md}. */
public final class TraceBytes {
  private static final byte[] MAGIC = "bric trace 1\n".getBytes(StandardCharsets.US_ASCII);

  private TraceBytes() {}

  /**
   * Its bytes.
   *
   * @throws IllegalArgumentException when it has a text that UTF-8 cannot hold
   */
  public static byte[] encode(Trace trace) {
    return Encoding.bytes(out -> {
      out.write(MAGIC);
      Encoding.question(out, trace.key());
      Encoding.text(out, trace.order().name());
      out.writeInt(trace.groups().size());
      for (List<Step> group : trace.groups()) {
        out.writeInt(group.size());
        for (Step step : group) {
          Encoding.question(out, step.question());
          Encoding.text(out, step.answer());
        }
      }
      Encoding.text(out, trace.value());
    });
  }

  /** Empty when the bytes are no trace: of another version, cut off, or somebody's joke. */
  public static Optional<Trace> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        return Optional.empty();
      }
      Question key = Encoding.question(in);
      Trace.Order order = Trace.Order.valueOf(Encoding.text(in));
      int count = Encoding.count(in);
      List<List<Step>> groups = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        groups.add(group(in));
      }
      Trace trace = new Trace(key, order, groups, Encoding.text(in));
      return in.read() < 0 ? Optional.of(trace) : Optional.empty();
    } catch (IOException | IllegalArgumentException noTrace) {
      return Optional.empty();
    }
  }

  private static List<Step> group(DataInputStream in) throws IOException {
    int steps = Encoding.count(in);
    List<Step> group = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      group.add(new Step(Encoding.question(in), Encoding.text(in)));
    }
    return group;
  }
}
