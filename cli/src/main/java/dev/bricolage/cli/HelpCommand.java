package dev.bricolage.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bric help [COMMAND...|exit-status]}. */
@Command(
    name = "help",
    synopsisHeading = "Usage: ",
    customSynopsis = "bric help [COMMAND]... | exit-status",
    description = "Shows the help of a command, or the exit statuses.")
final class HelpCommand implements Verb {
  private static final String EXIT_STATUS = "exit-status";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Whose help to show")
  List<String> topic = new ArrayList<>();

  @Override
  public int perform(Work work, Session session) throws Failure {
    if (topic.equals(List.of(EXIT_STATUS))) {
      session.print(exitStatuses());
      return ExitStatus.OK.code();
    }
    CommandLine command = spec.root().commandLine();
    for (String name : topic) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw new Failure(
            ExitStatus.USAGE,
            "help: no command '" + String.join(" ", topic) + "'; see `bric help`");
      }
      command = next;
    }
    session.print(Commands.usage(command, session));
    return ExitStatus.OK.code();
  }

  private static String exitStatuses() {
    StringBuilder page = new StringBuilder();
    page.append("`bric run` ends with its command's own status. Bricolage's own:\n");
    for (ExitStatus status : ExitStatus.values()) {
      page.append(String.format("  %-5d %s%n", status.code(), status.meaning()));
    }
    page.append("  128+n the command was ended by signal n; 130 is Ctrl-C\n");
    return page.toString();
  }
}
