package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The traces of every key. Finding the one that fits among a thousand costs what it costs among
 * one.
 *
 * <p>Asking is free of effects, so a trace is a set of steps and fits when each of them holds,
 * whatever their order. The first trace of a key is the root of a tree; a trace that gives another
 * answer to a question of the root's hangs below it, found by that question and answer ({@link
 * TraceNode}). A walk asks the root's questions; where the world answers otherwise, its answer is
 * the way to the child, whose trace is the root's but for a few steps, and so on down. Traces part
 * only at questions that both ask; a question that one asks alone decides nothing. Of traces that
 * contradict each other nowhere, each hangs below the one before and they are tried in that order:
 * only they cost more the more there are.
 *
 * <p>Tried before: a radix tree over the steps in their order. It needs as many branches as there
 * are traces when each asks a question of its own early on, and a chain of a thousand nodes when a
 * thousand traces each differ in another step; its nodes are split, so that a reader beside a
 * writer may see half of a path.
 */
final class TraceTree {
  private final TraceNodes nodes;
  private final Facts facts = new Facts();

  TraceTree(TraceNodes nodes) {
    this.nodes = nodes;
  }

  Recall walk(Question key, View view) throws IOException, InterruptedException {
    return new TraceWalk(new KeyNodes(hash(key), nodes::get, facts), view).recall();
  }

  /**
   * Adds a trace; gives the value that stood at the same answers, if it was another. A trace that
   * gives one question two answers can never fit again and is not kept.
   */
  Optional<String> add(Trace trace) {
    if (TraceAddition.contradictsItself(trace)) {
      return Optional.empty();
    }
    List<String> replaced = new ArrayList<>();
    nodes.update(edit -> {
      // Not the facts in memory: what is damaged on disk is to be found and replaced here.
      KeyNodes own = new KeyNodes(hash(trace.key()), edit::get, new Facts());
      new TraceAddition(trace, edit, own).run().ifPresent(replaced::add);
    });
    return replaced.stream().filter(value -> !value.equals(trace.value())).findFirst();
  }

  private static Digest hash(Question key) {
    return Digest.of(TraceNode.Encoding.bytes(out -> TraceNode.Encoding.question(out, key)));
  }
}
