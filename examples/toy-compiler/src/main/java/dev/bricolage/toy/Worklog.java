package dev.bricolage.toy;

import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.toy.query.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Notes what ran, for people. A reader of events like any other; thread-safe. */
public final class Worklog implements Consumer<Event> {
  private final Map<Key<?>, Integer> ran = new HashMap<>();
  private int recalled;

  @Override
  public synchronized void accept(Event event) {
    switch (event) {
      case Event.Ran it -> ran.merge(it.key(), 1, Integer::sum);
      case Event.Recalled _ -> recalled++;
      default -> {}
    }
  }

  /** A line for each stage of the compiler that ran, and one with the sums. */
  public synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    Arrays.stream(Stage.class.getPermittedSubclasses())
        .map(stage -> line(stage.getSimpleName(), subjects(stage)))
        .filter(line -> !line.isEmpty())
        .forEach(lines::add);
    int tasks = ran.values().stream().mapToInt(Integer::intValue).sum();
    lines.add("%d ran, %d recalled from the store".formatted(tasks, recalled));
    return lines;
  }

  private static String line(String stage, List<String> subjects) {
    return subjects.isEmpty() ? "" : "%-10s%s".formatted(stage, String.join(", ", subjects));
  }

  /** Sorted: tasks run side by side, and in which order is chance. */
  private List<String> subjects(Class<?> stage) {
    return ran.keySet().stream()
        .filter(stage::isInstance)
        .map(key -> key.question().subject())
        .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
  }
}
