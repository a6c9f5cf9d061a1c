package dev.bricolage.cli;

import dev.bricolage.cli.serve.ServeOptions;
import dev.bricolage.fronts.ninja.NinjaRequest;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What the verbs of the command line do, given their options. Parsing, help, exit statuses of
 * errors and cancellation are the command line's; everything else is behind this.
 *
 * <p>Every method is called on the session's thread and returns the exit status. It stops with an
 * InterruptedException when that thread is interrupted, which is how a request is cancelled. A
 * {@link Failure} is told to the user; an IOException is told with its message as status 74;
 * anything else is reported as a fault of ours.
 */
public interface Work extends AutoCloseable {
  /** {@code bric run}: the command's own status, or 128 + n when signal n ended it. */
  int run(RunOptions options, Session session) throws Failure, IOException, InterruptedException;

  /** {@code bric ninja}: ninja's own status. */
  int ninja(NinjaRequest request, Session session)
      throws Failure, IOException, InterruptedException;

  /** {@code bric serve}: 0 when it was asked to end. */
  int serve(ServeOptions options, Session session)
      throws Failure, IOException, InterruptedException;

  /** {@code bric why}. */
  int why(WhyOptions options, Session session) throws Failure, IOException, InterruptedException;

  /** {@code bric log} and {@code bric log show ID}. */
  int log(LogOptions options, Session session) throws Failure, IOException, InterruptedException;

  /** {@code bric store stat|verify|gc|cat|ls}. */
  int store(StoreOptions options, Session session)
      throws Failure, IOException, InterruptedException;

  /** A folder for what a request cannot keep in memory; what is in it has no name. */
  default Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  /** When the daemon ends, after the last request. */
  @Override
  void close() throws IOException;
}
