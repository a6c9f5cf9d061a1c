package dev.bricolage.fuzz;

import dev.bricolage.action.Action;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.Toolset;
import dev.bricolage.sandbox.Console;
import java.io.IOException;
import java.util.Optional;

/** An executor that remembers the last run for the fuzzer, and lies as a mutant says. */
final class Watched implements Executor {
  private final Executor real;
  private final Mutant mutant;
  private Optional<Seen> last = Optional.empty();

  /** What ran, and what came of it. */
  record Seen(Action action, Execution execution) {}

  Watched(Executor real, Mutant mutant) {
    this.real = real;
    this.mutant = mutant;
  }

  @Override
  public Execution execute(Action action, Toolset tools, Console console, Control control)
      throws IOException, InterruptedException {
    Execution execution = mutant.lie(real.execute(action, tools, console, control));
    last = Optional.of(new Seen(action, execution));
    return execution;
  }

  /** The run since the last call, if there was one. */
  Optional<Seen> take() {
    Optional<Seen> seen = last;
    last = Optional.empty();
    return seen;
  }
}
