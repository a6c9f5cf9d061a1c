package dev.bricolage.memo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node of a {@link TraceTree}: steps that every trace through it has in common, then either the
 * end of a trace, or branches, or both.
 *
 * @param facts the common steps, as numbers of {@link Facts}
 * @param value the value of the trace that ends here
 * @param branches the questions that traces ask next; nearly always one
 */
record TraceNode(List<Integer> facts, Optional<String> value, List<Branch> branches) {
  private static final int VERSION = 1;

  /**
   * A question on whose answer traces part.
   *
   * @param newest the answer in the trace that was added last
   */
  record Branch(Question question, String newest) {}

  TraceNode {
    facts = List.copyOf(facts);
    branches = List.copyOf(branches);
  }

  static TraceNode leaf(List<Integer> facts, String value) {
    return new TraceNode(facts, Optional.of(value), List.of());
  }

  TraceNode withValue(String newValue) {
    return new TraceNode(facts, Optional.of(newValue), branches);
  }

  TraceNode withFacts(List<Integer> newFacts) {
    return new TraceNode(newFacts, value, branches);
  }

  /** The place of this question among the branches, or -1. */
  int branchOf(Question question) {
    for (int i = 0; i < branches.size(); i++) {
      if (branches.get(i).question().equals(question)) {
        return i;
      }
    }
    return -1;
  }

  /** This node with the branch {@code at} (which may be one past the last) set. */
  TraceNode withBranch(int at, Branch branch) {
    List<Branch> changed = new ArrayList<>(branches);
    if (at == changed.size()) {
      changed.add(branch);
    } else {
      changed.set(at, branch);
    }
    return new TraceNode(facts, value, changed);
  }

  byte[] encode() {
    return Encoding.bytes(out -> {
      out.writeByte(VERSION);
      out.writeInt(facts.size());
      for (int fact : facts) {
        out.writeInt(fact);
      }
      out.writeBoolean(value.isPresent());
      if (value.isPresent()) {
        Encoding.text(out, value.get());
      }
      out.writeInt(branches.size());
      for (Branch branch : branches) {
        Encoding.question(out, branch.question());
        Encoding.text(out, branch.newest());
      }
    });
  }

  /** Empty when the bytes are of another version or damaged: then there is no such node. */
  static Optional<TraceNode> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
      int count = Encoding.count(in);
      List<Integer> facts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        facts.add(in.readInt());
      }
      Optional<String> value = in.readBoolean() ? Optional.of(Encoding.text(in)) : Optional.empty();
      int branchCount = Encoding.count(in);
      List<Branch> branches = new ArrayList<>(branchCount);
      for (int i = 0; i < branchCount; i++) {
        branches.add(new Branch(Encoding.question(in), Encoding.text(in)));
      }
      return Optional.of(new TraceNode(facts, value, branches));
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
      byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      out.writeInt(utf8.length);
      out.write(utf8);
    }

    static String text(DataInputStream in) throws IOException {
      return new String(in.readNBytes(count(in)), java.nio.charset.StandardCharsets.UTF_8);
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
