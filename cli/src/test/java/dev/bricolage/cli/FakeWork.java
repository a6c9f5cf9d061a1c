package dev.bricolage.cli;

import dev.bricolage.cli.serve.ServeOptions;
import dev.bricolage.fronts.ninja.NinjaRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** Work whose {@code run} is what the test says; it remembers the options it was given last. */
final class FakeWork implements Work {
  /** What {@code bric run} does. */
  interface Run {
    int run(RunOptions options, Session session) throws Failure, IOException, InterruptedException;
  }

  private final Run run;
  private final AtomicReference<Object> last = new AtomicReference<>("nothing");

  FakeWork(Run run) {
    this.run = run;
  }

  FakeWork() {
    this((options, session) -> 0);
  }

  Object last() {
    return last.get();
  }

  @Override
  public int run(RunOptions options, Session session)
      throws Failure, IOException, InterruptedException {
    last.set(options);
    return run.run(options, session);
  }

  @Override
  public int ninja(NinjaRequest request, Session session) {
    last.set(request);
    return 0;
  }

  @Override
  public int serve(ServeOptions options, Session session) {
    last.set(options);
    return 0;
  }

  @Override
  public int why(WhyOptions options, Session session) {
    last.set(options);
    return 0;
  }

  @Override
  public int log(LogOptions options, Session session) {
    last.set(options);
    return 0;
  }

  @Override
  public int store(StoreOptions options, Session session) {
    last.set(options);
    return 0;
  }

  @Override
  public void close() {}
}
