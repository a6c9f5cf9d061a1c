package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One key's nodes and the pointers between them, read from one source. Nothing is believed but a
 * node whose seal names the steps by which it was reached.
 */
record KeyNodes(Digest key, Facts.Source source, Facts facts) {
  /**
   * A node where it was found.
   *
   * @param sum of all of its trace's steps
   */
  record Placed(long id, TraceNode node, List<Fact> minus, List<Fact> plus, Sum sum) {}

  /** Where a pointer leads; empty when it is not there or damaged. */
  Optional<Long> target(byte[] pointer) {
    return source
        .get(pointer)
        .filter(id -> id.length == Long.BYTES)
        .map(id -> ByteBuffer.wrap(id).getLong());
  }

  /** The node with this id below a trace of this sum; empty when it is lost or damaged. */
  Optional<Placed> node(long id, Sum above) {
    Optional<TraceNode> found = source.get(nodeKey(id)).flatMap(TraceNode::decode);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TraceNode node = found.get();
    Optional<Placed> placed = placed(id, node, above);
    if (placed.isPresent()) {
      return placed;
    }
    facts.refresh(node.minus(), source);
    facts.refresh(node.plus(), source);
    return placed(id, node, above);
  }

  private Optional<Placed> placed(long id, TraceNode node, Sum above) {
    Optional<List<Fact>> minus = facts.of(node.minus(), source);
    Optional<List<Fact>> plus = facts.of(node.plus(), source);
    if (minus.isEmpty() || plus.isEmpty()) {
      return Optional.empty();
    }
    Sum sum = above.minus(minus.get()).plus(plus.get());
    return node.isSealedFor(key, sum)
        ? Optional.of(new Placed(id, node, minus.get(), plus.get(), sum))
        : Optional.empty();
  }

  TraceLinks links(long id) {
    return source
        .get(linksKey(id))
        .map(bytes -> TraceLinks.decode(id, bytes))
        .orElse(TraceLinks.none(id));
  }

  byte[] root() {
    return ByteBuffer.allocate(33).put((byte) 'r').put(key.hash()).array();
  }

  /** The pointer to the trace below {@code id} that holds a step contradicting it. */
  byte[] child(long id, Digest step) {
    return ByteBuffer.allocate(73)
        .put((byte) 'c')
        .put(key.hash())
        .putLong(id)
        .put(step.hash())
        .array();
  }

  /** The pointer to the trace below {@code id} that contradicts it nowhere. */
  byte[] other(long id) {
    return entry('o', id);
  }

  byte[] nodeKey(long id) {
    return entry('n', id);
  }

  byte[] linksKey(long id) {
    return entry('l', id);
  }

  private byte[] entry(char kind, long id) {
    return ByteBuffer.allocate(41).put((byte) kind).put(key.hash()).putLong(id).array();
  }
}
