package dev.bricolage.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The commands that the native client carries out itself, because they must work without a daemon.
 * They are here for the help, for the completion, and for who writes an option before them.
 */
sealed interface NativeCommand extends Verb {
  @Override
  default int perform(Work work, Session session) throws Failure {
    throw new Failure(ExitStatus.USAGE, "write options after `doctor` and `shutdown`, not before");
  }

  /** {@code bric doctor}. */
  @Command(
      name = "doctor",
      synopsisHeading = "Usage: ",
      description = {
        "Says what on this machine would stop Bricolage, one line a check, and how to fix it.",
        "The exit status is 1 if a check fails. Needs neither a JDK nor the daemon."
      })
  final class Doctor implements NativeCommand {
    @Option(
        names = "--json",
        description = "A JSON array of {check, status, detail, remedy}; status: ok, warn or fail")
    boolean json;
  }

  /** {@code bric shutdown}. */
  @Command(
      name = "shutdown",
      synopsisHeading = "Usage: ",
      description =
          "Asks the daemon to finish the requests it is running, take no new ones, and exit. The"
              + " next command starts a new daemon.")
  final class Shutdown implements NativeCommand {
    @Option(names = "--wait", description = "Return when the daemon's process is gone")
    boolean wait;
  }
}
