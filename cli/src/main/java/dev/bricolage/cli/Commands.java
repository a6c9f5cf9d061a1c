package dev.bricolage.cli;

import dev.bricolage.cli.events.EventOptions;
import dev.bricolage.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: turns a request's words into a {@link Verb}, and what comes of it into output
 * and an exit status. One serves all requests.
 */
final class Commands {
  private static final int SIGTERM = 15;

  private final Work work;
  private final String build;
  private final Path logFile;
  private final PrintStream log;

  /**
   * Parsers that no request uses: one is made of annotations, in a millisecond, and forgets what it
   * has parsed when it parses again.
   */
  private final Queue<CommandLine> parsers = new ConcurrentLinkedQueue<>();

  /**
   * What every request needs.
   *
   * @param build digest of this installation
   * @param logFile named in the message about a fault
   * @param log gets the stack trace of one
   */
  Commands(Work work, String build, Path logFile, PrintStream log) {
    this.work = work;
    this.build = build;
    this.logFile = logFile;
    this.log = log;
  }

  /**
   * Loads what parsing needs while the store is being opened: its class files are too old for the
   * AOT cache, which costs the first request 0.1 s otherwise.
   */
  static void warmUp() {
    new CommandLine(new BricCommand()).parseArgs("run", "-q", "true");
  }

  /**
   * Carries out a request on the calling thread.
   *
   * @return the exit status, 0 to 255
   * @throws UncheckedIOException when the client is gone
   */
  int execute(Session session) {
    try {
      return parsed(session);
    } catch (Failure e) {
      session.end();
      session.tell(e.getMessage());
      return e.status().code();
    } catch (InterruptedException | InterruptedIOException e) {
      return cancelled(session);
    } catch (IOException | UncheckedIOException | StoreException e) {
      if (Thread.currentThread().isInterrupted()) {
        return cancelled(session);
      }
      session.end();
      session.tell(Complaint.of(e));
      return ExitStatus.IO.code();
    } catch (Throwable e) {
      return fault(session, e);
    }
  }

  private int parsed(Session session) throws Failure, IOException, InterruptedException {
    CommandLine spare = parsers.poll();
    CommandLine root = spare == null ? parser() : spare;
    int status = parsed(root, session);
    parsers.add(root); // one that has failed halfway is not used again
    return status;
  }

  private int parsed(CommandLine root, Session session)
      throws Failure, IOException, InterruptedException {
    List<String> words = session.request().arguments();
    ParseResult result;
    try {
      result = root.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw usage(e);
    }
    session.colour(((BricCommand) root.getCommand()).colour);
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    CommandLine chosen = result.commandSpec().commandLine();
    if (result.isUsageHelpRequested()) {
      session.print(usage(chosen, session));
      return ExitStatus.OK.code();
    }
    if (result.isVersionHelpRequested()) {
      session.print("bric " + version() + " (build " + build + ")\n");
      return ExitStatus.OK.code();
    }
    if (chosen.getCommand() instanceof Verb verb) {
      return verb.perform(work, session);
    }
    throw new Failure(
        ExitStatus.USAGE,
        (words.isEmpty() ? "no command" : nameOf(chosen) + "which command?")
            + "; see `"
            + chosen.getCommandSpec().qualifiedName()
            + " --help`");
  }

  private static CommandLine parser() {
    CommandLine root =
        new CommandLine(new BricCommand())
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true);
    // `bric run make -q`: from its first word on, everything is the command's.
    Objects.requireNonNull(root.getSubcommands().get("run")).setStopAtPositional(true);
    return root;
  }

  /** A command's help page. */
  static String usage(CommandLine command, Session session) {
    int columns = session.terminal().columns();
    command.setUsageHelpWidth(columns == 0 ? 100 : Math.clamp(columns, 60, 120));
    return command.getUsageMessage(session.colourStdout() ? Ansi.ON : Ansi.OFF);
  }

  private static Failure usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String help = "see `" + command.getCommandSpec().qualifiedName() + " --help`";
    return new Failure(ExitStatus.USAGE, nameOf(command) + problem(e) + "; " + help, e);
  }

  private static String problem(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      String message = Objects.requireNonNullElse(e.getMessage(), "wrong arguments");
      return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
    String word = unmatched.getUnmatched().getFirst();
    String kind =
        unmatched.isUnknownOption()
            ? "unknown option"
            : e.getCommandLine().getSubcommands().isEmpty() ? "unexpected argument" : "no command";
    List<String> near = unmatched.getSuggestions();
    String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    return kind + " '" + word + "'" + hint;
  }

  /** {@code "run: "} for {@code bric run}, nothing for {@code bric}. */
  private static String nameOf(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    return name.equals("bric") ? "" : name.substring("bric ".length()) + ": ";
  }

  private static String version() {
    return Objects.requireNonNullElse(
        Commands.class.getPackage().getImplementationVersion(), "development");
  }

  private static int cancelled(Session session) {
    session.end();
    int signal = session.lastSignal();
    return ExitStatus.ofSignal(signal == 0 ? SIGTERM : signal);
  }

  private int fault(Session session, Throwable e) {
    session.end();
    log.println(
        "fault in a request: " + EventOptions.withoutSecrets(session.request().arguments()));
    e.printStackTrace(log);
    session.tell(
        "internal error: "
            + e
            + "\nbric: this is a fault of Bricolage: please report it with the end of the log "
            + logFile
            + " and the output of `bric doctor`");
    return ExitStatus.INTERNAL.code();
  }
}
