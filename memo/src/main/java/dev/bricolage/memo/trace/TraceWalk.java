package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One walk down a {@link TraceTree}: what was asked so far, and the traces that do not fit. */
final class TraceWalk {
  private final KeyNodes nodes;
  private final View view;
  private final Map<Question, String> answers = new HashMap<>();
  private final Deque<Lead> open = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();
  private final List<Unfit> unfit = new ArrayList<>();

  TraceWalk(KeyNodes nodes, View view) {
    this.nodes = nodes;
    this.view = view;
  }

  /**
   * A node to go to.
   *
   * @param above the sum of the trace above it
   * @param differences what stands against the trace above it, by question
   */
  private record Lead(long id, Sum above, Map<Question, Recall.Difference> differences) {}

  /** A trace, and what stands against it. */
  private record Unfit(KeyNodes.Placed at, Map<Question, Recall.Difference> differences) {}

  Recall recall() throws IOException, InterruptedException {
    nodes.target(nodes.root()).ifPresent(id -> open.push(new Lead(id, Sum.ZERO, Map.of())));
    while (!open.isEmpty()) {
      Lead lead = open.pop();
      Optional<Unfit> reached = seen.add(lead.id()) ? compare(lead) : Optional.empty();
      if (reached.isEmpty()) {
        continue;
      }
      if (reached.get().differences().isEmpty()) {
        return new Recall.Fits(reached.get().at().node().value(), answers.size());
      }
      unfit.add(reached.get());
      openBelow(reached.get());
    }
    return unfit.isEmpty() ? new Recall.FirstTime() : new Recall.Differs(nearest());
  }

  /** Empty when there is no such node, because it is lost or damaged. */
  private Optional<Unfit> compare(Lead lead) throws IOException, InterruptedException {
    Optional<KeyNodes.Placed> found = nodes.node(lead.id(), lead.above());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    KeyNodes.Placed at = found.get();
    Map<Question, Recall.Difference> differences = new LinkedHashMap<>(lead.differences());
    at.minus().forEach(fact -> differences.remove(fact.question()));
    ask(at.plus());
    for (Fact fact : at.plus()) {
      String now = answers.getOrDefault(fact.question(), "");
      if (!now.equals(fact.step().answer())) {
        differences.put(
            fact.question(), new Recall.Difference(fact.question(), fact.step().answer(), now));
      }
    }
    return Optional.of(new Unfit(at, differences));
  }

  /** Asks all at once, which is how a view is cheap, and each only once. */
  private void ask(List<Fact> facts) throws IOException, InterruptedException {
    List<Question> unasked =
        facts.stream().map(Fact::question).filter(q -> !answers.containsKey(q)).toList();
    if (unasked.isEmpty()) {
      return;
    }
    List<String> given = view.answers(unasked);
    for (int i = 0; i < unasked.size(); i++) {
      answers.put(unasked.get(i), given.get(i));
    }
  }

  private void openBelow(Unfit unfit) {
    KeyNodes.Placed at = unfit.at();
    nodes.target(nodes.other(at.id())).ifPresent(id -> open.push(lead(id, unfit)));
    for (int number : nodes.links(at.id()).parting().reversed()) {
      nodes
          .facts()
          .fact(number, nodes.source())
          .flatMap(fact -> Optional.ofNullable(unfit.differences().get(fact.question())))
          .map(now -> Fact.hash(new Step(now.question(), now.now())))
          .flatMap(step -> nodes.target(nodes.child(at.id(), step)))
          .ifPresent(id -> open.push(lead(id, unfit)));
    }
  }

  private static Lead lead(long id, Unfit above) {
    return new Lead(id, above.at().sum(), above.differences());
  }

  /** Of the newest trace and those met on the way, the one with the fewest differences. */
  private List<Recall.Difference> nearest() throws IOException, InterruptedException {
    Unfit nearest = newest(unfit.getFirst());
    for (Unfit met : unfit) {
      if (met.differences().size() < nearest.differences().size()) {
        nearest = met;
      }
    }
    return List.copyOf(nearest.differences().values());
  }

  private Unfit newest(Unfit from) throws IOException, InterruptedException {
    Set<Long> followed = new HashSet<>();
    Unfit at = from;
    while (followed.add(at.at().id())) {
      long next = nodes.links(at.at().id()).newest();
      Optional<Unfit> below = next == at.at().id() ? Optional.empty() : compare(lead(next, at));
      if (below.isEmpty()) {
        break;
      }
      at = below.get();
    }
    return at;
  }
}
