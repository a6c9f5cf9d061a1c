package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.memo.Trace;
import java.time.Instant;
import java.util.Optional;

/** What came of a {@link Work}. */
public sealed interface Executed {
  /**
   * The command ended by itself, with whatever status.
   *
   * @param remembered whether it was not run, because what comes of it was known
   * @param seen what it looked at, where that is observed
   */
  record Finished(
      Outcome outcome, Instant started, Instant ended, boolean remembered, Optional<Seen> seen)
      implements Executed {
    /** A run that nobody observed. */
    public Finished(Outcome outcome, Instant started, Instant ended, boolean remembered) {
      this(outcome, started, ended, remembered, Optional.empty());
    }
  }

  /**
   * What a run looked at.
   *
   * @param trace the questions and their answers; these are empty where the run is not to be
   *     remembered
   * @param forgotten why it is not
   */
  record Seen(Trace trace, Optional<String> forgotten) {}

  /** It took longer than it may and was killed; what it had written till then. */
  record TimedOut(Digest stdout, Digest stderr) implements Executed {}

  /** It is never run, because of what it asks. */
  record Refused(String message) implements Executed {}

  /**
   * It could not be run.
   *
   * @param mayHelp whether trying again may help: the machine was at fault, not the action
   * @param message for the client's user
   */
  record Failed(boolean mayHelp, String message) implements Executed {}
}
