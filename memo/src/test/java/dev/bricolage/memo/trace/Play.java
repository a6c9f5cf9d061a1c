package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A seeded source of worlds and of runs in them. A run asks in an order of its own, and what it
 * asks next may depend on what it was answered.
 */
final class Play {
  private final Random random;
  private final int subjects;
  private final int answers;
  final World world = new World();

  Play(long seed) {
    random = new Random(seed);
    subjects = 2 + random.nextInt(9);
    answers = 2 + random.nextInt(3);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  Question key() {
    return new Question("run", "key" + random.nextInt(2));
  }

  /** Changes a few answers. */
  void edit() {
    for (int i = random.nextInt(3); i >= 0; i--) {
      String subject = "s" + random.nextInt(subjects);
      int answer = random.nextInt(answers + 1);
      world.set(subject, answer == answers ? "absent" : "a" + answer);
    }
  }

  /** A run of this key in today's world: mostly the same function of it, now and then another. */
  Trace run(Question key) {
    int program = random.nextInt(4) == 0 ? random.nextInt(5) : 0;
    Random choices = new Random(key.hashCode() * 31L + program);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < subjects; i++) {
      order.add(i);
    }
    Collections.shuffle(order, choices);
    List<Step> steps = new ArrayList<>();
    for (int subject : order) {
      boolean asks = choices.nextInt(4) > 0;
      if (asks) {
        String answer = world.at("s" + subject);
        steps.addAll(world.steps("s" + subject));
        if (answer.equals("a0") && choices.nextBoolean()) {
          choices = new Random(choices.nextLong() + subject);
        }
        if (answer.equals("a1") && choices.nextInt(6) == 0) {
          break;
        }
      }
    }
    return new Trace(key, steps, "v" + random.nextInt(1_000_000));
  }
}
