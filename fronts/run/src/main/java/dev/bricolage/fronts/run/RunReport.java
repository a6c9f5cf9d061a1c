package dev.bricolage.fronts.run;

import dev.bricolage.execute.Runs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What came of a {@link RunRequest}.
 *
 * @param workspace the checkout's root
 * @param elapsed from the request to the last byte written back
 * @param written files, links and folders that were written back
 * @param deleted paths that were deleted in the workspace
 * @param notes what a person should know
 */
public record RunReport(
    Path workspace,
    Runs.Answered answered,
    Duration elapsed,
    int written,
    int deleted,
    List<String> notes) {
  /** The command's own status, or 124 for a timeout, or 128 and a signal's number. */
  public int status() {
    return answered.outcome().exitCode();
  }
}
