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
import java.util.List;
import java.util.Optional;

/**
 * Traces of tasks that ask step by step. What such a task asks next is a function of the answers so
 * far, and so is, in the end, its value: so there is one row for each state it can be in, found by
 * the hash of its key and of all answers up to there, and in the row is what it asks next, or its
 * value. A walk is as long as the trace that fits, however many there are, and asks nothing that
 * the task would not ask.
 */
final class TraceChain {
  private static final Comparator<Question> CANONICAL =
      Comparator.comparing(Question::kind).thenComparing(Question::subject);

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
          List<String> answers = view.answers(asks.questions());
          asked += answers.size();
          state = next(state, answers);
          row = row(state);
          if (row.isEmpty()) {
            return new Recall.Differs(differences(asks, answers));
          }
        }
      }
    }
  }

  /** Against the answers that were recorded here last. */
  private static List<Recall.Difference> differences(ChainRow.Asks asks, List<String> now) {
    List<Recall.Difference> differences = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      String before = asks.newest().get(i);
      if (!before.equals(now.get(i))) {
        differences.add(new Recall.Difference(asks.questions().get(i), before, now.get(i)));
      }
    }
    // The same answers led on before: a row further down was lost.
    return differences.isEmpty()
        ? List.of(new Recall.Difference(asks.questions().getFirst(), "recorded", "lost"))
        : differences;
  }

  Optional<String> add(Trace trace) {
    List<String> replaced = new ArrayList<>();
    nodes.update(edit -> {
      Digest state = start(trace.key());
      for (List<Step> asked : trace.groups()) {
        List<Step> group =
            asked.stream().sorted(Comparator.comparing(Step::question, CANONICAL)).toList();
        List<String> answers = group.stream().map(Step::answer).toList();
        ChainRow asks = new ChainRow.Asks(group.stream().map(Step::question).toList(), answers);
        edit.put(rowKey(state), asks.encode(state));
        state = next(state, answers);
      }
      Digest last = state;
      edit.get(rowKey(last))
          .flatMap(bytes -> ChainRow.decode(last, bytes))
          .ifPresent(row -> {
            if (row instanceof ChainRow.Gives gives && !gives.value().equals(trace.value())) {
              replaced.add(gives.value());
            }
          });
      edit.put(rowKey(last), new ChainRow.Gives(trace.value()).encode(last));
    });
    return replaced.stream().findFirst();
  }

  private Optional<ChainRow> row(Digest state) {
    return nodes.get(rowKey(state)).flatMap(bytes -> ChainRow.decode(state, bytes));
  }

  private static Digest start(Question key) {
    return Digest.of(TraceNode.Encoding.bytes(out -> TraceNode.Encoding.question(out, key)));
  }

  private static Digest next(Digest state, List<String> answers) {
    return Digest.of(
        TraceNode.Encoding.bytes(out -> {
          out.write(state.hash());
          out.writeInt(answers.size());
          for (String answer : answers) {
            TraceNode.Encoding.text(out, answer);
          }
        }));
  }

  private static byte[] rowKey(Digest state) {
    return ByteBuffer.allocate(33).put((byte) 'd').put(state.hash()).array();
  }
}
