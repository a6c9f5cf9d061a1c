package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * One insertion into a {@link TraceTree}: goes down until it meets the same trace, whose value it
 * replaces, or the place where there is none yet. The same trace always takes the same way: at each
 * node the first of the parting questions that it answers otherwise.
 */
final class TraceAddition {
  private final Trace trace;
  private final TraceNodes.Edit edit;
  private final KeyNodes nodes;
  private final SequencedMap<Question, Fact> own = new LinkedHashMap<>();
  private final SequencedMap<Question, Fact> above = new LinkedHashMap<>();
  private final SequencedMap<Long, TraceLinks> path = new LinkedHashMap<>();

  TraceAddition(Trace trace, TraceNodes.Edit edit, KeyNodes nodes) {
    this.trace = trace;
    this.edit = edit;
    this.nodes = nodes;
    for (Step step : trace.steps()) {
      own.put(step.question(), nodes.facts().keep(edit, step));
    }
  }

  static boolean contradictsItself(Trace trace) {
    Map<Question, String> answers = new HashMap<>();
    for (Step step : trace.steps()) {
      String before = answers.put(step.question(), step.answer());
      if (before != null && !before.equals(step.answer())) {
        return true;
      }
    }
    return false;
  }

  /** Gives the value that stood here before. */
  Optional<String> run() {
    byte[] pointer = nodes.root();
    Sum sum = Sum.ZERO;
    while (true) {
      Optional<KeyNodes.Placed> found = at(pointer, sum);
      if (found.isEmpty()) {
        arrive(hang(pointer, sum));
        return Optional.empty();
      }
      KeyNodes.Placed at = found.get();
      at.minus().forEach(fact -> above.remove(fact.question()));
      at.plus().forEach(fact -> above.put(fact.question(), fact));
      sum = at.sum();
      if (above.equals(own)) {
        TraceNode node = at.node();
        edit.put(nodes.nodeKey(at.id()), sealed(sum, node.minus(), node.plus()).encode());
        arrive(at.id());
        return Optional.of(node.value());
      }
      pointer = below(at.id());
    }
  }

  private Optional<KeyNodes.Placed> at(byte[] pointer, Sum sum) {
    return nodes
        .target(pointer)
        .filter(id -> !path.containsKey(id))
        .flatMap(id -> nodes.node(id, sum));
  }

  /** Where this trace goes from a node that is not its own. */
  private byte[] below(long id) {
    TraceLinks links = nodes.links(id);
    Optional<Fact> known =
        links.parting().stream()
            .flatMap(number -> nodes.facts().fact(number, nodes.source()).stream())
            .filter(fact -> fact.equals(above.get(fact.question())) && contradicts(fact))
            .findFirst();
    Optional<Fact> parting =
        known.or(() -> above.values().stream().filter(this::contradicts).findFirst());
    if (known.isEmpty() && parting.isPresent()) {
      links = links.partingAt(parting.get().number());
    }
    path.put(id, links);
    return parting
        .flatMap(fact -> Optional.ofNullable(own.get(fact.question())))
        .map(step -> nodes.child(id, step.hash()))
        .orElse(nodes.other(id));
  }

  private boolean contradicts(Fact fact) {
    Fact mine = own.get(fact.question());
    return mine != null && !mine.equals(fact);
  }

  /** Writes this trace by what it has otherwise than the one above, and points to it. */
  private long hang(byte[] pointer, Sum sum) {
    List<Fact> minus = without(above, own);
    List<Fact> plus = without(own, above);
    Sum whole = sum.minus(minus).plus(plus);
    long id = freeId(whole);
    edit.put(nodes.nodeKey(id), sealed(whole, numbers(minus), numbers(plus)).encode());
    edit.put(pointer, ByteBuffer.allocate(Long.BYTES).putLong(id).array());
    return id;
  }

  private TraceNode sealed(Sum sum, List<Integer> minus, List<Integer> plus) {
    return TraceNode.sealed(nodes.key(), sum, minus, plus, trace.value());
  }

  private static List<Fact> without(Map<Question, Fact> from, Map<Question, Fact> without) {
    Set<Fact> gone = new HashSet<>(without.values());
    return from.values().stream().filter(fact -> !gone.contains(fact)).toList();
  }

  private static List<Integer> numbers(List<Fact> facts) {
    return facts.stream().map(Fact::number).toList();
  }

  /** The sum is as good as random, and so there is no counter to lose. */
  private long freeId(Sum sum) {
    long id = sum.a();
    while (edit.get(nodes.nodeKey(id)).isPresent() || edit.get(nodes.linksKey(id)).isPresent()) {
      id++;
    }
    return id;
  }

  /** This is the newest trace now, seen from every node on its way. */
  private void arrive(long id) {
    path.put(id, nodes.links(id));
    List<Long> way = new ArrayList<>(path.keySet());
    for (int i = 0; i < way.size(); i++) {
      long from = way.get(i);
      long next = i + 1 < way.size() ? way.get(i + 1) : from;
      TraceLinks links = path.getOrDefault(from, TraceLinks.none(from)).to(next);
      edit.put(nodes.linksKey(from), links.encode());
    }
  }
}
