package dev.bricolage.fronts.ninja.standing;

import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What outcomes rest on: questions about paths with their answers, numbered, each held once however
 * many edges rest on it. A header is asked for by a thousand compilers and looked at once.
 */
public final class Grounds {
  /** So many are asked at a time: a change near the beginning is found soon. */
  private static final int CHUNK = 4096;

  private final Map<Step, Integer> numbers = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  /** Their numbers, which new ones are given. */
  public synchronized Ints number(List<Step> grounds) {
    int[] given = new int[grounds.size()];
    for (int i = 0; i < given.length; i++) {
      Step step = grounds.get(i);
      Integer known = numbers.putIfAbsent(step, steps.size());
      if (known == null) {
        given[i] = steps.size();
        steps.add(step);
      } else {
        given[i] = known;
      }
    }
    return Ints.of(given);
  }

  /** How many there are, whether anything still rests on them or not. */
  public synchronized int size() {
    return steps.size();
  }

  private synchronized Step step(int number) {
    return steps.get(number);
  }

  /** What these ask. */
  public List<Question> questions(BitSet of) {
    return of.stream().mapToObj(number -> step(number).question()).toList();
  }

  /** Whether all of these hold in a view. */
  public boolean hold(BitSet asked, View view) throws IOException, InterruptedException {
    return holding(asked, view, true).equals(asked);
  }

  /** Which of these hold in a view. */
  public BitSet holding(BitSet asked, View view) throws IOException, InterruptedException {
    return holding(asked, view, false);
  }

  private BitSet holding(BitSet asked, View view, boolean allOrNothing)
      throws IOException, InterruptedException {
    BitSet holding = new BitSet(size());
    List<Integer> chunk = new ArrayList<>();
    for (int number = asked.nextSetBit(0); number >= 0; number = asked.nextSetBit(number + 1)) {
      chunk.add(number);
      if (chunk.size() == CHUNK) {
        if (!look(chunk, view, holding) && allOrNothing) {
          return holding;
        }
        chunk.clear();
      }
    }
    look(chunk, view, holding);
    return holding;
  }

  /** Whether all of the chunk hold. */
  private boolean look(List<Integer> chunk, View view, BitSet holding)
      throws IOException, InterruptedException {
    List<Question> questions = new ArrayList<>(chunk.size());
    for (int number : chunk) {
      questions.add(step(number).question());
    }
    List<String> answers = view.answers(questions);
    boolean all = true;
    for (int i = 0; i < answers.size(); i++) {
      boolean holds = step(chunk.get(i)).answer().equals(answers.get(i));
      holding.set(chunk.get(i), holds);
      all &= holds;
    }
    return all;
  }
}
