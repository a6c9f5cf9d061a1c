package dev.bricolage.cli;

import dev.bricolage.fronts.ninja.NinjaRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bric ninja}: the words of ninja's own command line. */
@Command(
    name = "ninja",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric ninja [OPTION]... [TARGET]...",
    description =
        "Builds what build.ninja describes, each of its edges in a sandbox and remembered. The"
            + " build folder is left as ninja would leave it.",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "NINJA_STATUS is the status line's format, as with ninja. The exit status is 1 when something"
          + " failed.",
      "",
      "Not there yet: dyndep files, running the generator again, ninja's subtools (-t)."
    })
final class NinjaCommand implements Verb {
  @Option(names = "-C", paramLabel = "DIR", description = "Change to DIR first")
  String directory = "";

  @Option(names = "-f", paramLabel = "FILE", description = "The manifest. Default: build.ninja")
  String file = "build.ninja";

  @Option(names = "-j", paramLabel = "N", description = "Run N edges side by side; 0: no limit")
  int jobs = -1;

  @Option(names = "-k", paramLabel = "N", description = "Go on until N edges have failed; 0: all")
  int keepGoing = 1;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show whole command lines")
  boolean verbose;

  @Option(names = "--quiet", description = "Show only what fails, and what commands say")
  boolean quiet;

  @Option(names = "--fresh", description = "Run every edge, although its result is known")
  boolean fresh;

  @Parameters(paramLabel = "TARGET", arity = "0..*", description = "What to build")
  List<String> targets = new ArrayList<>();

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    Path folder = session.directory().resolve(directory).normalize();
    if (!Files.isDirectory(folder)) {
      throw new Failure(ExitStatus.NO_INPUT, "-C " + directory + ": no such directory");
    }
    if (!directory.isEmpty() && !quiet) {
      session.print("ninja: Entering directory `" + directory + "'\n");
    }
    Terminal terminal = session.terminal();
    boolean smart = terminal.stdout() && terminal.columns() > 0;
    return work.ninja(
        new NinjaRequest(
            folder,
            file,
            targets,
            jobs(),
            Math.max(0, keepGoing),
            verbose,
            quiet,
            fresh,
            session.environment(),
            smart ? OptionalInt.of(terminal.columns()) : OptionalInt.empty(),
            session.colourStdout()),
        session);
  }

  /** As many as ninja's guess: a few more than there are processors. */
  private int jobs() {
    if (jobs > 0) {
      return jobs;
    }
    int processors = Runtime.getRuntime().availableProcessors();
    return jobs == 0 ? Integer.MAX_VALUE : processors <= 2 ? processors + 1 : processors + 2;
  }
}
