package dev.bricolage.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers inner runs in tests, and keeps what was asked and how it ended. */
final class Decider implements InnerRuns {
  /** What a test says to a request. */
  interface Answer {
    Decision to(InnerRequest request) throws IOException, InterruptedException;
  }

  /** An inner run that ran. */
  record Ran(InnerRequest request, InnerEnded ended) {}

  final List<InnerRequest> asked = new CopyOnWriteArrayList<>();
  final List<Ran> ran = new CopyOnWriteArrayList<>();
  private final Answer answer;

  Decider(Answer answer) {
    this.answer = answer;
  }

  /** Lets everything run. */
  static Decider running() {
    return new Decider(request -> new Run());
  }

  @Override
  public Decision asked(InnerRequest request) throws IOException, InterruptedException {
    asked.add(request);
    return answer.to(request);
  }

  @Override
  public void ended(InnerRequest request, InnerEnded ended) {
    ran.add(new Ran(request, ended));
  }
}
