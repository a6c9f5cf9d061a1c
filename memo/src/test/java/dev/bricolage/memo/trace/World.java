package dev.bricolage.memo.trace;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A view of made-up answers; what was never set is absent. Counts what it is asked. */
final class World implements View {
  private final Map<String, String> answers = new TreeMap<>();
  int asked;

  World set(String subject, String answer) {
    answers.put(subject, answer);
    return this;
  }

  String at(String subject) {
    return answers.getOrDefault(subject, "absent");
  }

  static Question question(String subject) {
    return new Question("content", subject);
  }

  /** The steps of a run that asks these questions here. */
  List<Step> steps(String... subjects) {
    List<Step> steps = new ArrayList<>();
    for (String subject : subjects) {
      steps.add(new Step(question(subject), at(subject)));
    }
    return steps;
  }

  @Override
  public List<String> answers(List<Question> questions) {
    asked += questions.size();
    return questions.stream().map(this::answer).toList();
  }

  private String answer(Question question) {
    if (!question.kind().equals("content")) {
      throw new IllegalArgumentException("nobody ever asked: " + question);
    }
    return at(question.subject());
  }
}
