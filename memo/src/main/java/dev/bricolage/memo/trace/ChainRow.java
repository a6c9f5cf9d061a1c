package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Step;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a task does in one state: what a {@link TraceChain} is made of. */
sealed interface ChainRow {
  /** The version of the encoding; rows of another one do not count. */
  int VERSION = 1;

  /**
   * It asks these.
   *
   * @param newest with the answers it got when it was recorded last, for telling what is different
   */
  record Asks(List<Step> newest) implements ChainRow {
    public Asks {
      newest = List.copyOf(newest);
    }
  }

  /** It is done. */
  record Gives(String value) implements ChainRow {}

  /** The bytes of this row, sealed for its state, so that damage is known. */
  default byte[] encode(Digest state) {
    byte[] body = TraceNode.Encoding.bytes(this::write);
    return TraceNode.Encoding.bytes(out -> {
      out.writeByte(VERSION);
      out.write(seal(state, body));
      out.write(body);
    });
  }

  private void write(DataOutputStream out) throws IOException {
    switch (this) {
      case Gives gives -> {
        out.writeByte('v');
        TraceNode.Encoding.text(out, gives.value());
      }
      case Asks asks -> {
        out.writeByte('a');
        writeSteps(out, asks.newest());
      }
    }
  }

  /** Empty when the bytes are of another version, of another state, or damaged. */
  static Optional<ChainRow> decode(Digest state, byte[] bytes) {
    int head = 1 + Digest.HASH_BYTES;
    if (bytes.length < head || bytes[0] != VERSION) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(bytes, head, bytes.length);
    if (!Arrays.equals(bytes, 1, head, seal(state, body), 0, Digest.HASH_BYTES)) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      return Optional.of(read(in));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  private static ChainRow read(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 'v' -> new Gives(TraceNode.Encoding.text(in));
      case 'a' -> new Asks(readSteps(in));
      default -> throw new IOException("a row of an unknown kind");
    };
  }

  /** Steps, after their number. */
  static void writeSteps(DataOutputStream out, List<Step> steps) throws IOException {
    out.writeInt(steps.size());
    for (Step step : steps) {
      TraceNode.Encoding.question(out, step.question());
      TraceNode.Encoding.text(out, step.answer());
    }
  }

  private static List<Step> readSteps(DataInputStream in) throws IOException {
    int count = TraceNode.Encoding.count(in);
    List<Step> steps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      steps.add(new Step(TraceNode.Encoding.question(in), TraceNode.Encoding.text(in)));
    }
    return steps;
  }

  private static byte[] seal(Digest state, byte[] body) {
    return Digest.of(
            TraceNode.Encoding.bytes(out -> {
              out.write(state.hash());
              out.write(body);
            }))
        .hash();
  }
}
