package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;

/**
 * A step as {@link Facts} keep it.
 *
 * @param number what stands for it in nodes
 * @param hash what stands for it in a {@link Sum} and leads from a node to its child
 */
record Fact(int number, Step step, Digest hash) {
  Question question() {
    return step.question();
  }

  /** Facts are equal when their steps are: after damage a step may have two numbers. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Fact fact && hash.equals(fact.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  /** The hash of a step that may never have been kept. */
  static Digest hash(Step step) {
    return Digest.of(encode(step));
  }

  static byte[] encode(Step step) {
    return TraceNode.Encoding.bytes(out -> {
      TraceNode.Encoding.question(out, step.question());
      TraceNode.Encoding.text(out, step.answer());
    });
  }
}
