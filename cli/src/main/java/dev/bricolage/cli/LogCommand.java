package dev.bricolage.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bric log}. */
@Command(
    name = "log",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = {"bric log [-n N] [--json]", "       bric log show ID [--json]"},
    description =
        "Lists the runs, newest first: when, where, the command, whether it was remembered or run,"
            + " its time and the time saved.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    subcommands = LogCommand.Show.class)
final class LogCommand implements Verb {
  @Option(names = "-n", paramLabel = "N", description = "How many; default 20")
  int limit = 20;

  @Option(names = "--json", description = "Answer in JSON, one object a line")
  boolean json;

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    if (limit < 1) {
      throw new Failure(ExitStatus.USAGE, "log: -n " + limit + ": must be at least 1");
    }
    return work.log(new LogOptions.Latest(limit, json), session);
  }

  /** {@code bric log show ID}. */
  @Command(
      name = "show",
      sortOptions = false,
      synopsisHeading = "Usage: ",
      customSynopsis = "bric log show ID [--json]",
      description = "Shows everything that is known of one run.",
      optionListHeading = "%nOptions:%n")
  static final class Show implements Verb {
    @Option(names = "--json", description = "Answer in JSON")
    boolean json;

    @Parameters(paramLabel = "ID", description = "The run, as `bric log` names it")
    String id = "";

    @Override
    public int perform(Work work, Session session)
        throws Failure, IOException, InterruptedException {
      return work.log(new LogOptions.Show(id, json), session);
    }
  }
}
