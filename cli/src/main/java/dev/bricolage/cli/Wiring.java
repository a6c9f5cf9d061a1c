package dev.bricolage.cli;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Chooses the implementations. Nothing else in the code names two of them together. */
final class Wiring {
  private Wiring() {}

  /**
   * Opens the work on the store in BRIC_HOME.
   *
   * @param home BRIC_HOME, there and ours
   * @param warnings lines for the daemon's log
   */
  static Work open(Path home, Consumer<String> warnings) {
    warnings.accept("the store in " + home + " is not wired in yet");
    return new Work() {
      @Override
      public int run(RunOptions options, Session session) throws Failure {
        throw notWired();
      }

      @Override
      public int why(WhyOptions options, Session session) throws Failure {
        throw notWired();
      }

      @Override
      public int log(LogOptions options, Session session) throws Failure {
        throw notWired();
      }

      @Override
      public int store(StoreOptions options, Session session) throws Failure {
        throw notWired();
      }

      @Override
      public void close() {}
    };
  }

  private static Failure notWired() {
    return new Failure(ExitStatus.INTERNAL, "this build has a command line and no engine yet");
  }
}
