package dev.bricolage.execute;

import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.memo.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run of an action.
 *
 * @param ending how it ended
 * @param outcome what it gave; its exit code is 128 and the signal's number for one that was killed
 * @param asked what it asked of its view, each fact at its strongest
 * @param sawAbsent of these, the host's paths that were not there when it asked
 * @param duration wall clock
 * @param startedAt nanoseconds since 1970
 * @param notes what a person should know: refused programs, the network tried, things left out
 * @param counters what observing it took, by name
 * @param tools the tools it started that are remembered one by one, in the order they ended
 * @param diskFull whether there was no room left at its end: what it wrote may be torn
 * @param unobserved why the observation has holes, if it has
 * @param elsewhere where it ran, when that was not this machine
 */
public record Execution(
    Ending ending,
    Outcome outcome,
    Set<PathFact> asked,
    Set<String> sawAbsent,
    Duration duration,
    long startedAt,
    List<String> notes,
    Map<String, Long> counters,
    List<InnerRun> tools,
    boolean diskFull,
    Optional<String> unobserved,
    Optional<Elsewhere> elsewhere) {

  /**
   * Another machine, whose files are not ours.
   *
   * @param name for people
   * @param answers what the run asked of its view and was answered there; empty when it must not be
   *     remembered
   */
  public record Elsewhere(String name, List<Step> answers) {
    /** Copies. */
    public Elsewhere {
      answers = List.copyOf(answers);
    }
  }

  /** How a run ended. */
  public sealed interface Ending {
    /** By itself, with this status. */
    record Exited(int status) implements Ending {}

    /** By a signal. */
    record Killed(int signal) implements Ending {}

    /** It took longer than it may. */
    record TimedOut(Duration limit) implements Ending {}
  }
}
