package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Traces of tasks that ask step by step. What such a task asks next is a function of the answers so
 * far, and so is, in the end, its value: so there is one row for each state it can be in, found by
 * the hash of its key and of all that it asked and heard up to there, and in the row is what it
 * asks next, or its value. A walk is as long as the trace that fits, however many there are, and
 * asks nothing that the task would not ask. Traces share their rows up to where they part.
 *
 * <p>A task may not be the function it should be and go on otherwise where it was answered the
 * same. Then its newest run counts: the row says what that one did, and the rows behind the other
 * way are out of reach until a run goes it again. They are never mixed up, because a state is found
 * by the questions too and not by the answers alone. Only if a value stood where another one stands
 * now, or where the task now asks on, is it told: a question in another's place may be chance, such
 * as the order of a hash table, and costs no more than a miss.
 */
final class TraceChain {
  private static final Comparator<Step> CANONICAL =
      Comparator.comparing((Step step) -> step.question().kind())
          .thenComparing(step -> step.question().subject());

  private final TraceNodes nodes;

  TraceChain(TraceNodes nodes) {
    this.nodes = nodes;
  }

  Recall walk(Question key, View view) throws IOException, InterruptedException {
    Digest state = start(key);
    Optional<ChainRow> row = row(state);
    if (row.isEmpty()) {
      return new Recall.FirstTime();
    }
    int asked = 0;
    while (true) {
      switch (row.get()) {
        case ChainRow.Gives gives -> {
          return new Recall.Fits(gives.value(), asked);
        }
        case ChainRow.Asks asks -> {
          List<Step> now = answered(asks, view);
          asked += now.size();
          state = next(state, now);
          row = row(state);
          if (row.isEmpty()) {
            return new Recall.Differs(differences(asks, now));
          }
        }
      }
    }
  }

  private static List<Step> answered(ChainRow.Asks asks, View view)
      throws IOException, InterruptedException {
    List<Question> questions = asks.newest().stream().map(Step::question).toList();
    List<String> answers = view.answers(questions);
    List<Step> steps = new ArrayList<>(questions.size());
    for (int i = 0; i < questions.size(); i++) {
      steps.add(new Step(questions.get(i), answers.get(i)));
    }
    return steps;
  }

  /** Against the answers that were recorded here last. */
  private static List<Recall.Difference> differences(ChainRow.Asks asks, List<Step> now) {
    List<Recall.Difference> differences = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      Step before = asks.newest().get(i);
      if (!before.equals(now.get(i))) {
        differences.add(
            new Recall.Difference(before.question(), before.answer(), now.get(i).answer()));
      }
    }
    return differences.isEmpty() ? List.of(lost(now.getFirst())) : differences;
  }

  /** These very answers led on when they were recorded: a row further down was damaged. */
  private static Recall.Difference lost(Step step) {
    return new Recall.Difference(
        step.question(), step.answer(), step.answer() + ", but what followed is lost");
  }

  /**
   * Adds a trace; gives another value that stood at the same answers, or at the first of them. A
   * trace that gives one question two answers can never fit again and is not kept.
   */
  Optional<String> add(Trace trace) {
    if (TraceAddition.contradictsItself(trace)) {
      return Optional.empty();
    }
    List<List<Step>> turns = turns(trace);
    List<String> replaced = new ArrayList<>();
    nodes.update(edit -> {
      Digest state = start(trace.key());
      for (List<Step> turn : turns) {
        put(edit, state, new ChainRow.Asks(turn), replaced);
        state = next(state, turn);
      }
      put(edit, state, new ChainRow.Gives(trace.value()), replaced);
    });
    return replaced.stream().filter(value -> !value.equals(trace.value())).findFirst();
  }

  /**
   * What was asked in each turn, in canonical order. What was asked before tells nothing new, and a
   * turn that asks nothing is none: as a function of the answers the trace is the same without.
   */
  private static List<List<Step>> turns(Trace trace) {
    Set<Question> asked = new HashSet<>();
    List<List<Step>> turns = new ArrayList<>();
    for (List<Step> group : trace.groups()) {
      List<Step> turn =
          group.stream().filter(step -> asked.add(step.question())).sorted(CANONICAL).toList();
      if (!turn.isEmpty()) {
        turns.add(turn);
      }
    }
    return turns;
  }

  /** Rows that traces share are not written again. Damaged ones are. */
  private static void put(TraceNodes.Edit edit, Digest state, ChainRow row, List<String> replaced) {
    Optional<ChainRow> before =
        edit.get(rowKey(state)).flatMap(bytes -> ChainRow.decode(state, bytes));
    before.ifPresent(old -> {
      if (old instanceof ChainRow.Gives gives) {
        replaced.add(gives.value());
      }
    });
    if (!before.equals(Optional.of(row))) {
      edit.put(rowKey(state), row.encode(state));
    }
  }

  private Optional<ChainRow> row(Digest state) {
    return nodes.get(rowKey(state)).flatMap(bytes -> ChainRow.decode(state, bytes));
  }

  /** The first byte keeps the hashes of keys apart from those of states. */
  private static Digest start(Question key) {
    return Digest.of(
        TraceNode.Encoding.bytes(out -> {
          out.writeByte('k');
          TraceNode.Encoding.question(out, key);
        }));
  }

  private static Digest next(Digest state, List<Step> turn) {
    return Digest.of(
        TraceNode.Encoding.bytes(out -> {
          out.writeByte('s');
          out.write(state.hash());
          ChainRow.writeSteps(out, turn);
        }));
  }

  private static byte[] rowKey(Digest state) {
    return ByteBuffer.allocate(33).put((byte) 'd').put(state.hash()).array();
  }
}
