package dev.bricolage.memo.trace;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of the traces below a node. Only a guide: what it leads to is believed for its seal
 * alone, so losing it loses a hit at worst.
 *
 * @param newest the next node on the way to the trace recorded last, or the node itself
 * @param parting the node's own steps where traces below it have another answer, as numbers, in the
 *     order they came up
 */
record TraceLinks(long newest, List<Integer> parting) {
  TraceLinks {
    parting = List.copyOf(parting);
  }

  TraceLinks to(long child) {
    return new TraceLinks(child, parting);
  }

  TraceLinks partingAt(int fact) {
    List<Integer> more = new ArrayList<>(parting);
    more.add(fact);
    return new TraceLinks(newest, more);
  }

  byte[] encode() {
    return TraceNode.Encoding.bytes(out -> {
      out.writeLong(newest);
      TraceNode.Encoding.numbers(out, parting);
    });
  }

  /** The links of a node; damaged ones are as good as none. */
  static TraceLinks decode(long node, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new TraceLinks(in.readLong(), TraceNode.Encoding.numbers(in));
    } catch (IOException damaged) {
      return none(node);
    }
  }

  /** The links of a node with nothing below it. */
  static TraceLinks none(long node) {
    return new TraceLinks(node, List.of());
  }
}
