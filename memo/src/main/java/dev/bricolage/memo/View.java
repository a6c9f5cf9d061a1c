package dev.bricolage.memo;

import java.io.IOException;
import java.util.List;

/** The world a key is asked in. */
@FunctionalInterface
public interface View {
  /** The answer to what cannot be asked in this world; no trace holds it. */
  String UNANSWERABLE = "?";

  /**
   * Answers questions, in their order, as a run started now would find them. Asking is free of side
   * effects; the cost is proportional to the number of questions.
   *
   * @throws IOException when the world cannot be looked at
   * @throws InterruptedException when the answers are no longer wanted
   */
  List<String> answers(List<Question> questions) throws IOException, InterruptedException;
}
