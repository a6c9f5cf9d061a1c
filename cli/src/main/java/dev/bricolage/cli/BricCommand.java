package dev.bricolage.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code bric} itself: what all commands share. */
@Command(
    name = "bric",
    sortOptions = false,
    usageHelpAutoWidth = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric COMMAND [ARGUMENT]...",
    header = "Runs any build command as a pure function that is never computed twice.%n",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "`bric run -- make` runs make once, and answers from memory while nothing it looked at has"
          + " changed.",
      "Exit statuses: `bric help exit-status`. A command's help: `bric help COMMAND`."
    },
    subcommands = {
      RunCommand.class,
      NinjaCommand.class,
      ServeCommand.class,
      WhyCommand.class,
      LogCommand.class,
      StoreCommand.class,
      NativeCommand.Doctor.class,
      NativeCommand.Shutdown.class,
      CompletionCommand.class,
      HelpCommand.class
    })
final class BricCommand {
  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description = "auto (on a terminal, unless NO_COLOR is set), always or never. Default: auto")
  Colour colour = Colour.AUTO;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and the build")
  boolean version;
}
