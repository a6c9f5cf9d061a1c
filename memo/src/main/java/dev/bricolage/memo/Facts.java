package dev.bricolage.memo;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every step ever seen, by number: traces of one project share nearly all of theirs, so a trace
 * costs four bytes a step instead of a path and a digest. Numbers are never given twice, and what
 * is read once stays in memory.
 */
final class Facts {
  private static final byte[] NEXT = {'x'};

  private final TraceNodes nodes;
  private final Map<Integer, Step> byNumber = new ConcurrentHashMap<>();

  Facts(TraceNodes nodes) {
    this.nodes = nodes;
  }

  /** The steps with these numbers; empty when one is lost or damaged. */
  Optional<List<Step>> steps(List<Integer> numbers) {
    List<Step> steps = new ArrayList<>(numbers.size());
    for (int number : numbers) {
      Optional<Step> step = step(number);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      steps.add(step.get());
    }
    return Optional.of(steps);
  }

  private Optional<Step> step(int number) {
    Step known = byNumber.get(number);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Step> read = nodes.get(stepKey(number)).flatMap(Facts::decode);
    read.ifPresent(step -> byNumber.put(number, step));
    return read;
  }

  /** The step's number, given now if it has none. */
  static int number(TraceNodes.Edit edit, Step step) {
    byte[] encoding = encode(step);
    byte[] hash = dev.bricolage.action.Digest.of(encoding).hash();
    byte[] numberKey = ByteBuffer.allocate(33).put((byte) 'i').put(hash).array();
    Optional<byte[]> known = edit.get(numberKey);
    if (known.isPresent()) {
      return ByteBuffer.wrap(known.get()).getInt();
    }
    int number = edit.get(NEXT).map(bytes -> ByteBuffer.wrap(bytes).getInt()).orElse(0);
    edit.put(NEXT, fourBytes(number + 1));
    edit.put(numberKey, fourBytes(number));
    edit.put(stepKey(number), encoding);
    return number;
  }

  /** The step with this number, in a transaction's view. */
  static Optional<Step> read(TraceNodes.Edit edit, int number) {
    return edit.get(stepKey(number)).flatMap(Facts::decode);
  }

  private static byte[] stepKey(int number) {
    return ByteBuffer.allocate(5).put((byte) 'f').putInt(number).array();
  }

  private static byte[] fourBytes(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static byte[] encode(Step step) {
    return TraceNode.Encoding.bytes(out -> {
      TraceNode.Encoding.question(out, step.question());
      TraceNode.Encoding.text(out, step.answer());
    });
  }

  private static Optional<Step> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return Optional.of(new Step(TraceNode.Encoding.question(in), TraceNode.Encoding.text(in)));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
