package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import java.io.IOException;

/** A part of the world that can be asked about its paths. */
public interface PathFacts {
  /**
   * The answer to one fact's question.
   *
   * @param fact its path lies in the part this answers for
   * @throws IOException when the path cannot be looked at, naming it
   */
  PathFact.Answer answer(PathFact fact) throws IOException;
}
