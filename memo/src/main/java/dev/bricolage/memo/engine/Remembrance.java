package dev.bricolage.memo.engine;

import dev.bricolage.memo.Answer;
import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What persistent keys leave in the store, and how it is found again. When the store cannot be
 * reached the engine computes, as if nothing were remembered.
 */
final class Remembrance {
  private static final Comparator<Step> CANONICAL =
      Comparator.<Step, String>comparing(step -> step.question().subject())
          .thenComparing(step -> step.question().kind());

  private final Optional<Store> store;
  private final Outside outside;

  /** Where traces and values are, and what their questions mean. */
  record Store(Traces traces, Values values, Kinds kinds) {}

  Remembrance(Optional<Store> store, Outside outside) {
    this.store = store;
    this.outside = outside;
  }

  boolean remembers(Key<?> key) {
    return store.isPresent() && key instanceof Persistent<?>;
  }

  /** The value or failure of a trace that fits, whose questions are in the recorder then. */
  <V> Optional<Object> recall(Engine engine, Strand strand, Node<V> node, Recorder recorder)
      throws InterruptedException {
    if (!remembers(node.key) || strand.request.wants(Request.Wish.FRESH, node)) {
      return Optional.empty();
    }
    Persistent<V> key = (Persistent<V>) node.key;
    Store store = this.store.orElseThrow();
    try {
      View view = questions -> answers(engine, strand, recorder, questions);
      Recall recall = store.traces().recall(key.question(), key.order(), view);
      if (recall instanceof Recall.Fits(String text, int questions)) {
        Optional<Object> value = new Written<>(key, store.values()).read(text);
        if (value.isPresent()) {
          engine.ears.hear(strand, () -> new Event.Recalled(key, questions));
          return value;
        }
        recall = new Recall.Lost(text);
      }
      Recall missed = recall;
      engine.ears.hear(strand, () -> new Event.Missed(key, missed));
    } catch (Cycle cycle) {
      return Optional.empty(); // the task meets it again, and fails of it
    } catch (IOException | RuntimeException | Error e) { // a mapped file that is cut is an Error
      if (strand.cancelled()) {
        throw Engine.gone(strand);
      }
      engine.ears.hear(strand, () -> new Event.StoreFailed(key, e));
    }
    return Optional.empty();
  }

  /** Today's answers: of facts that never change from the view itself, of others from the graph. */
  private List<String> answers(
      Engine engine, Strand strand, Recorder recorder, List<Question> questions)
      throws IOException, InterruptedException {
    String[] answers = new String[questions.size()];
    List<Integer> fixed = new ArrayList<>();
    List<Key<?>> facts = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    List<Node<?>> nodes = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      Optional<Key<?>> key = store.orElseThrow().kinds().key(questions.get(i));
      if (key.isEmpty()) {
        answers[i] = View.UNANSWERABLE;
      } else if (key.get() instanceof ViewKey<?> fact && fact.durability() == Durability.FIXED) {
        fixed.add(i);
        facts.add(fact);
      } else {
        asked.add(i);
        nodes.add(engine.node(key.get()));
      }
    }
    fromView(questions, fixed, facts, answers);
    List<Flight.Landing.Result> results = engine.bringAll(strand, nodes);
    recorder.askAll(nodes, results);
    for (int i = 0; i < nodes.size(); i++) {
      answers[asked.get(i)] =
          answer(nodes.get(i), results.get(i).done().value()).orElse(View.UNANSWERABLE);
    }
    return List.of(answers);
  }

  private void fromView(
      List<Question> questions, List<Integer> which, List<Key<?>> facts, String[] answers)
      throws IOException, InterruptedException {
    if (which.isEmpty()) {
      return;
    }
    List<String> given = outside.answers(which.stream().map(questions::get).toList());
    for (int i = 0; i < given.size(); i++) {
      answers[which.get(i)] =
          given.get(i).equals(View.UNANSWERABLE)
              ? Answer.ofFailure(new NotSet(facts.get(i))) // as a task is told that fetches it
              : given.get(i);
    }
  }

  /** A node's answer as traces hold it; empty when its key has no codec. */
  private static <V> Optional<String> answer(Node<V> node, Object value) {
    if (value instanceof State.Failure(Throwable cause)) {
      return Optional.of(Answer.ofFailure(cause));
    }
    V answer = Sameness.cast(node.key, value);
    return node.key instanceof ViewKey<V> fact
        ? Optional.of(fact.answer(answer))
        : node.key.codec().map(codec -> Answer.of(codec, answer));
  }

  /** Writes the trace of a run down, if its key is persistent and its value to be remembered. */
  <V> void record(Engine engine, Strand strand, Node<V> node, Recorder recorder, Object value)
      throws InterruptedException {
    if (!remembers(node.key) || recorder.tainted().isPresent() || strand.cancelled()) {
      return;
    }
    Persistent<V> key = (Persistent<V>) node.key;
    Store store = this.store.orElseThrow();
    Trace trace;
    try {
      String text = new Written<>(key, store.values()).write(value);
      trace = new Trace(key.question(), key.order(), groups(key, recorder), text);
    } catch (IllegalArgumentException unwritable) {
      String reason = "the store cannot hold it: " + unwritable.getMessage();
      engine.ears.hear(strand, () -> new Event.Forgotten(key, reason));
      return;
    } catch (RuntimeException | Error e) {
      engine.ears.hear(strand, () -> new Event.StoreFailed(key, e));
      return;
    }
    keep(engine, strand, key, trace);
  }

  private void keep(Engine engine, Strand strand, Persistent<?> key, Trace trace) {
    boolean another;
    try {
      another = store.orElseThrow().traces().record(trace).isPresent();
    } catch (RuntimeException | Error e) {
      engine.ears.hear(strand, () -> new Event.StoreFailed(key, e));
      return;
    }
    engine.ears.hear(strand, () -> new Event.Recorded(key));
    if (another) {
      engine.ears.hear(strand, () -> new Event.NotAFunction(key));
    }
  }

  /**
   * What was asked, as traces hold it.
   *
   * @throws IllegalArgumentException when a question or an answer cannot be written
   */
  private static List<List<Step>> groups(Persistent<?> key, Recorder recorder) {
    List<List<Step>> groups = new ArrayList<>();
    for (List<Recorder.Answered> group : recorder.steps()) {
      List<Step> steps = new ArrayList<>(group.size());
      for (Recorder.Answered answered : group) {
        Key<?> asked = answered.node().key;
        String answer =
            answer(answered.node(), answered.value())
                .orElseThrow(() ->
                    new IllegalArgumentException("it asks " + asked + ", which has no codec"));
        steps.add(new Step(asked.question(), answer));
      }
      groups.add(steps);
    }
    return ordered(key, groups, recorder);
  }

  private static List<List<Step>> ordered(
      Persistent<?> key, List<List<Step>> groups, Recorder recorder) {
    if (key.order() == Trace.Order.ASKED) {
      if (!recorder.observed().isEmpty()) {
        throw new IllegalArgumentException(
            key + " observes questions, whose order is chance: its order must be ANY");
      }
      return groups;
    }
    Set<Step> all = new LinkedHashSet<>();
    groups.forEach(all::addAll);
    all.addAll(recorder.observed());
    return List.of(all.stream().sorted(CANONICAL).toList());
  }
}
