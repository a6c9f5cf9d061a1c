package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What recall means, as a scan of all traces: one fits when each of its steps holds. */
final class Oracle {
  private record Id(Question key, Set<Step> steps) {}

  private final Map<Id, String> latest = new LinkedHashMap<>();
  private final Map<Id, Set<String>> ever = new LinkedHashMap<>();

  /** The value that stood there, if it was another. */
  Optional<String> record(Trace trace) {
    Id id = new Id(trace.key(), new HashSet<>(trace.steps()));
    ever.computeIfAbsent(id, i -> new HashSet<>()).add(trace.value());
    return Optional.ofNullable(latest.put(id, trace.value()))
        .filter(value -> !value.equals(trace.value()));
  }

  boolean knows(Question key) {
    return latest.keySet().stream().anyMatch(id -> id.key().equals(key));
  }

  /** The latest values of all traces that fit. */
  Set<String> fitting(Question key, World world) {
    Set<String> values = new HashSet<>();
    latest.forEach((id, value) -> {
      if (id.key().equals(key) && against(id, world).isEmpty()) {
        values.add(value);
      }
    });
    return values;
  }

  /** Every value that any trace that fits ever had. */
  Set<String> everFitting(Question key, World world) {
    Set<String> values = new HashSet<>();
    ever.forEach((id, all) -> {
      if (id.key().equals(key) && against(id, world).isEmpty()) {
        values.addAll(all);
      }
    });
    return values;
  }

  /** For each trace of the key, everything that stands against it. */
  List<Set<Recall.Difference>> against(Question key, World world) {
    List<Set<Recall.Difference>> all = new ArrayList<>();
    for (Id id : latest.keySet()) {
      if (id.key().equals(key)) {
        all.add(against(id, world));
      }
    }
    return all;
  }

  private static Set<Recall.Difference> against(Id id, World world) {
    Set<Recall.Difference> differences = new HashSet<>();
    for (Step step : id.steps()) {
      String now = world.at(step.question().subject());
      if (!now.equals(step.answer())) {
        differences.add(new Recall.Difference(step.question(), step.answer(), now));
      }
    }
    return differences;
  }
}
