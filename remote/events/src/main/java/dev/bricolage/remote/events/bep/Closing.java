package dev.bricolage.remote.events.bep;

import com.google.protobuf.ByteString;
import dev.bricolage.action.event.End;
import dev.bricolage.remote.protocol.Bep.Aborted;
import dev.bricolage.remote.protocol.Bep.Aborted.AbortReason;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import dev.bricolage.remote.protocol.Bep.BuildFinished;
import dev.bricolage.remote.protocol.Bep.BuildFinished.ExitCode;
import dev.bricolage.remote.protocol.Bep.BuildToolLogs;
import dev.bricolage.remote.protocol.Bep.File;
import dev.bricolage.remote.protocol.Failures.FailureDetail;
import dev.bricolage.remote.protocol.Failures.Interrupted;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/**
 * The events that say what came of it. The exit code is one of Bazel's; the one that the user saw
 * is among the logs.
 *
 * @param understood whether it was known what was asked
 * @param said the last line that was printed
 */
record Closing(End end, Instant began, boolean understood, String said) {

  void post(Chain chain, Tally tally) {
    chain.close(aborted(), Set.of(Ids.FINISHED));
    chain.post(
        Ids.FINISHED,
        BuildEvent.newBuilder()
            .addChildren(Ids.LOGS)
            .addChildren(Ids.METRICS)
            .setFinished(finished()));
    chain.post(Ids.LOGS, BuildEvent.newBuilder().setBuildToolLogs(logs()));
    chain.post(
        Ids.METRICS,
        BuildEvent.newBuilder()
            .setLastMessage(true)
            .setBuildMetrics(tally.metrics(elapsed().toMillis())));
  }

  private Duration elapsed() {
    return Duration.between(began, end.at());
  }

  private Aborted aborted() {
    AbortReason reason =
        switch (end.result()) {
          case WELL -> AbortReason.NO_BUILD;
          case FAILED -> understood ? AbortReason.INCOMPLETE : AbortReason.LOADING_FAILURE;
          case MISUSED -> AbortReason.LOADING_FAILURE;
          case INTERRUPTED -> AbortReason.USER_INTERRUPTED;
          case HINDERED -> AbortReason.UNKNOWN;
          case BROKEN -> AbortReason.INTERNAL;
        };
    String description = end.result() == End.Result.WELL ? "nothing was to be built" : said;
    return Aborted.newBuilder().setReason(reason).setDescription(description).build();
  }

  private BuildFinished finished() {
    boolean well = end.result() == End.Result.WELL;
    BuildFinished.Builder finished =
        BuildFinished.newBuilder()
            .setOverallSuccess(well)
            .setExitCode(exitCode())
            .setFinishTimeMillis(end.at().toEpochMilli())
            .setFinishTime(Opening.timestamp(end.at()));
    if (!well) {
      FailureDetail.Builder detail = FailureDetail.newBuilder().setMessage(said);
      if (end.result() == End.Result.INTERRUPTED) {
        detail.setInterrupted(Interrupted.getDefaultInstance());
      }
      finished.setFailureDetail(detail);
    }
    return finished.build();
  }

  /** Bazel's numbers and names, of its class ExitCode. */
  private ExitCode exitCode() {
    return switch (end.result()) {
      case WELL -> code(0, "SUCCESS");
      case FAILED -> understood ? code(1, "BUILD_FAILURE") : code(1, "PARSING_FAILURE");
      case MISUSED -> code(2, "COMMAND_LINE_ERROR");
      case INTERRUPTED -> code(8, "INTERRUPTED");
      case HINDERED -> code(36, "LOCAL_ENVIRONMENTAL_ERROR");
      case BROKEN -> code(37, "BLAZE_INTERNAL_ERROR");
    };
  }

  private static ExitCode code(int number, String name) {
    return ExitCode.newBuilder().setCode(number).setName(name).build();
  }

  private BuildToolLogs logs() {
    return BuildToolLogs.newBuilder()
        .addLog(
            log(
                "elapsed time",
                String.format(Locale.ROOT, "%.6f", elapsed().toNanos() / 1_000_000_000.0)))
        .addLog(log("exit status", "" + end.status()))
        .build();
  }

  private static File log(String name, String text) {
    return File.newBuilder().setName(name).setContents(ByteString.copyFromUtf8(text)).build();
  }
}
