package dev.bricolage.cli;

import dev.bricolage.cli.events.EventOptions;
import dev.bricolage.cli.remote.RemoteWords;
import dev.bricolage.fronts.ninja.NinjaRequest;
import dev.bricolage.fronts.ninja.NinjaWords;
import dev.bricolage.fronts.ninja.NinjaWords.Reading;
import dev.bricolage.fronts.ninja.NinjaWords.Telling;
import dev.bricolage.workspace.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Stack;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bric ninja}, and the program called by a link named {@code ninja}. Its options are
 * ninja's, which follow GNU getopt, so {@link NinjaWords} reads them; the fields here are its help
 * page.
 */
@Command(
    name = "ninja",
    sortOptions = false,
    preprocessor = NinjaCommand.AllWords.class,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric ninja [OPTION]... [TARGET]...",
    description =
        "Builds what build.ninja describes, each of its edges in a sandbox and remembered. The"
            + " build folder is left as ninja would leave it.",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "NINJA_STATUS is the status line's format, as with ninja. The exit status is 1 when something"
          + " failed. By a link named ninja, or bric-ninja, bric is ninja: see the manual's page."
    })
final class NinjaCommand implements Verb {
  /** The client puts it before the words when it was called by a link named ninja. */
  static final String AS_NINJA = "--as-ninja";

  private static final Map<String, Boolean> BESIDES = besides();

  /** ninja's status when the user has ended it. */
  private static final int INTERRUPTED = 2;

  @Option(names = "-C", paramLabel = "DIR", description = "Change to DIR first")
  String directory = "";

  @Option(names = "-f", paramLabel = "FILE", description = "The manifest. Default: build.ninja")
  String file = "";

  @Option(names = "-j", paramLabel = "N", description = "Run N edges side by side; 0: no limit")
  int jobs;

  @Option(names = "-k", paramLabel = "N", description = "Go on until N edges have failed; 0: all")
  int keepGoing;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show whole command lines")
  boolean verbose;

  @Option(names = "--quiet", description = "Show only what fails, and what commands say")
  boolean quiet;

  @Option(names = "--fresh", description = "Run every edge, although its result is known")
  boolean fresh;

  @Option(
      names = "--strict",
      description = "An edge that looks for what another makes must have said that it needs it")
  boolean strict;

  @Option(
      names = "--shared-path",
      description =
          "Show commands the workspace at /build, so that checkouts at other paths share what is"
              + " remembered")
  boolean sharedPath;

  @Option(names = "-n", description = "Dry run: tell what would be done, and do nothing")
  boolean dryRun;

  @Option(
      names = "-l",
      paramLabel = "N",
      description = "Start no further edge while the machine's load is N or more")
  String load = "";

  @Option(names = "-d", paramLabel = "MODE", description = "Debugging; `-d list` lists the modes")
  String debug = "";

  @Option(
      names = "-t",
      paramLabel = "TOOL",
      description = "Run a subtool with the words behind it; `-t list` lists them")
  String tool = "";

  @Option(names = "-w", paramLabel = "FLAG", description = "Warnings; `-w list` lists the flags")
  String warning = "";

  @Mixin RemoteWords remote = new RemoteWords();

  @Mixin EventOptions events = new EventOptions();

  @Parameters(paramLabel = "TARGET", arity = "0..*", description = "What to build")
  List<String> targets = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  private List<String> words = List.of();

  /** Takes all words as they are. */
  static final class AllWords implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own choice
    public boolean preprocess(
        Stack<String> args, CommandSpec commandSpec, ArgSpec argSpec, Map<String, Object> info) {
      NinjaCommand command = (NinjaCommand) commandSpec.userObject();
      command.words = List.copyOf(args).reversed();
      args.clear();
      return true;
    }
  }

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    boolean asNinja = !words.isEmpty() && words.getFirst().equals(AS_NINJA);
    Reading reading =
        asNinja
            ? NinjaWords.ofNinja(words.subList(1, words.size()), processors)
            : NinjaWords.ofBric(words, processors, BESIDES);
    return switch (reading) {
      case Reading.Asked(NinjaWords asked) -> followed(asked, work, session);
      case Reading.Answered(int status, String out, String err) -> {
        session.print(out);
        complain(session, err);
        yield status;
      }
      case Reading.Help() when asNinja -> {
        complain(session, NinjaWords.usage(processors));
        yield 1;
      }
      case Reading.Help() -> {
        session.print(Commands.usage(spec.commandLine(), session));
        yield ExitStatus.OK.code();
      }
      case Reading.Misused(String complaint) when asNinja -> {
        complain(session, "ninja: " + complaint + "\n" + NinjaWords.usage(processors));
        yield 1;
      }
      case Reading.Misused(String complaint) ->
          throw new Failure(ExitStatus.USAGE, "ninja: " + complaint + "; see `bric ninja --help`");
    };
  }

  private int followed(NinjaWords asked, Work work, Session session)
      throws Failure, IOException, InterruptedException {
    Map<Boolean, List<String>> besides =
        asked.besides().stream().collect(Collectors.partitioningBy(RemoteWords::isOne));
    session.remote(besides.getOrDefault(true, List.of()));
    List<String> events = besides.getOrDefault(false, List.of());
    if (events.isEmpty()) {
      return perform(asked, work, session);
    }
    return new Followed(events(events), work, session)
        .perform("ninja", words, asked.rest(), INTERRUPTED, () -> perform(asked, work, session));
  }

  private static Map<String, Boolean> besides() {
    Map<String, Boolean> names = new HashMap<>(EventOptions.names());
    names.putAll(RemoteWords.names());
    return names;
  }

  private static EventOptions events(List<String> words) throws Failure {
    try {
      return EventOptions.of(words);
    } catch (UserError e) {
      throw new Failure(ExitStatus.USAGE, "ninja: " + e.getMessage(), e);
    }
  }

  private static int perform(NinjaWords asked, Work work, Session session)
      throws Failure, IOException, InterruptedException {
    if (asked.color().isPresent()) {
      session.colour(colour(asked.color().get()));
    }
    String directory = asked.directory().orElse("");
    if (asked.directory().isPresent()) {
      if (asked.tool().isEmpty() && asked.telling() != Telling.QUIET) {
        session.print("ninja: Entering directory `" + directory + "'\n");
      }
      Path folder = session.directory().resolve(directory);
      if (directory.isEmpty() || !Files.isDirectory(folder)) {
        String reason =
            !directory.isEmpty() && Files.exists(folder)
                ? "Not a directory"
                : "No such file or directory";
        complain(session, "ninja: fatal: chdir to '" + directory + "' - " + reason + "\n");
        return 1;
      }
    }
    Terminal terminal = session.terminal();
    boolean smart = terminal.stdout() && terminal.columns() > 0;
    return work.ninja(
        new NinjaRequest(
            session.directory().resolve(directory).normalize(),
            asked,
            session.environment(),
            smart ? OptionalInt.of(terminal.columns()) : OptionalInt.empty(),
            session.colourStdout()),
        session);
  }

  private static Colour colour(String word) throws Failure {
    for (Colour colour : Colour.values()) {
      if (colour.name().toLowerCase(Locale.ROOT).equals(word)) {
        return colour;
      }
    }
    throw new Failure(ExitStatus.USAGE, "ninja: --color " + word + ": write auto, always or never");
  }

  private static void complain(Session session, String text) {
    try {
      session.stderr().write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
