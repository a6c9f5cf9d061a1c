package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A made-up task: what it asks next, and when it has its value, is a function of the key, of its
 * number and of the answers so far. How it puts it is chance: in which order it asks in a group,
 * what it asks once more, groups of nothing.
 */
record Task(Question key, int number, int subjects) {
  /** Its run in this world. */
  Trace run(World world, String value, Random chance) {
    List<List<Step>> groups = new ArrayList<>();
    Map<String, String> answers = new TreeMap<>();
    while (true) {
      List<String> asks = next(answers);
      if (asks.isEmpty()) {
        return new Trace(key, Trace.Order.ASKED, groups, value);
      }
      asks.forEach(subject -> answers.put(subject, world.at(subject)));
      groups.add(world.steps(disturbed(asks, answers, chance).toArray(String[]::new)));
      if (chance.nextInt(8) == 0) {
        groups.add(List.of());
      }
    }
  }

  private List<String> next(Map<String, String> answers) {
    Random choice = new Random((key.hashCode() * 31L + number) * 31 + answers.hashCode());
    List<String> asks = new ArrayList<>();
    if (choice.nextInt(6) > 0) {
      for (int i = choice.nextInt(3); i >= 0; i--) {
        asks.add("s" + choice.nextInt(subjects));
      }
    }
    asks.removeIf(answers::containsKey);
    return asks.stream().distinct().toList();
  }

  private static List<String> disturbed(
      List<String> asks, Map<String, String> answers, Random chance) {
    List<String> all = new ArrayList<>(asks);
    if (chance.nextInt(4) == 0) {
      all.add(List.copyOf(answers.keySet()).get(chance.nextInt(answers.size())));
    }
    Collections.shuffle(all, chance);
    return all;
  }
}
