package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
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
   * @param newest the answers it got when it was recorded last, for telling what is different
   */
  record Asks(List<Question> questions, List<String> newest) implements ChainRow {
    public Asks {
      questions = List.copyOf(questions);
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
        out.writeInt(asks.questions().size());
        for (int i = 0; i < asks.questions().size(); i++) {
          TraceNode.Encoding.question(out, asks.questions().get(i));
          TraceNode.Encoding.text(out, asks.newest().get(i));
        }
      }
    }
  }

  /** Empty when the bytes are of another version, of another state, or damaged. */
  static Optional<ChainRow> decode(Digest state, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
      byte[] seal = in.readNBytes(Digest.HASH_BYTES);
      byte[] body = Arrays.copyOfRange(bytes, 1 + Digest.HASH_BYTES, bytes.length);
      if (!Arrays.equals(seal, seal(state, body))) {
        return Optional.empty();
      }
      return Optional.of(read(in));
    } catch (IOException | IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  private static ChainRow read(DataInputStream in) throws IOException {
    if (in.readByte() == 'v') {
      return new Gives(TraceNode.Encoding.text(in));
    }
    int count = TraceNode.Encoding.count(in);
    List<Question> questions = new ArrayList<>(count);
    List<String> newest = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      questions.add(TraceNode.Encoding.question(in));
      newest.add(TraceNode.Encoding.text(in));
    }
    return new Asks(questions, newest);
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
