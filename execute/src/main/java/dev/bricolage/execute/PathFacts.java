package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A part of the world that can be asked about its paths. */
public interface PathFacts {
  /**
   * The answer to one fact's question.
   *
   * @param fact its path lies in the part this answers for
   * @throws IOException when the path cannot be looked at, naming it
   */
  PathFact.Answer answer(PathFact fact) throws IOException;

  /**
   * The answers to many questions, in their order. Whoever can answer them faster together does.
   *
   * @throws IOException as for one of them
   */
  default List<PathFact.Answer> answers(List<PathFact> facts) throws IOException {
    List<PathFact.Answer> answers = new ArrayList<>(facts.size());
    for (PathFact fact : facts) {
      answers.add(answer(fact));
    }
    return answers;
  }
}
