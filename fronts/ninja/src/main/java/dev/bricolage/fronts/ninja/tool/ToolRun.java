package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.options.BadOption;
import dev.bricolage.fronts.ninja.options.CNumber;
import dev.bricolage.fronts.ninja.options.Getopt;
import dev.bricolage.fronts.ninja.options.Spelling;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Carries a subtool out. */
public final class ToolRun {
  private static final int MISUSED = 1;
  private static final int BROWSER_PORT = 8000;

  private final Bench bench;
  private final Subtool tool;

  /** A tool on its bench. */
  public ToolRun(Subtool tool, Bench bench) {
    this.tool = tool;
    this.bench = bench;
  }

  /** Words behind a tool's name that were understood: letters and operands. */
  private record Words(Set<Character> letters, List<String> operands) {
    boolean has(char letter) {
      return letters.contains(letter);
    }
  }

  /**
   * Carries out a tool that needs no manifest.
   *
   * @param words behind its name
   * @return the exit status
   */
  public int run(List<String> words) throws IOException {
    Optional<Words> read = words("h", "usage: ninja -t restat [outputs]\n", words);
    return read.isEmpty() ? MISUSED : LogFiles.inFolder(bench).restat(read.get().operands());
  }

  /**
   * Carries it out.
   *
   * @param words behind its name
   * @return the exit status
   * @throws NinjaError if it cannot be
   */
  public int run(Manifest manifest, List<String> words) throws NinjaError, IOException {
    return switch (tool) {
      case BROWSE -> browse(manifest, words);
      case CLEAN -> clean(manifest, words);
      case CLEANDEAD ->
          new Cleaning(manifest, bench).dead(LogFiles.of(bench, manifest).build().entries());
      case COMMANDS -> commands(manifest, words);
      case INPUTS -> inputs(manifest, words);
      case COMPDB -> compdb(manifest, words);
      case RULES -> rules(manifest, words);
      case DEPS -> LogFiles.of(bench, manifest).tellDeps(words);
      case MISSINGDEPS -> missingDeps(manifest, words);
      case GRAPH ->
          printed(
              GraphTool.draw(
                  manifest, new DyndepsAtHand(manifest, bench), Targets.of(manifest, words)));
      case QUERY -> query(manifest, words);
      case TARGETS -> targets(manifest, words);
      case RECOMPACT -> LogFiles.of(bench, manifest).recompact();
      case RESTAT -> run(words);
    };
  }

  private int browse(Manifest manifest, List<String> words) throws NinjaError {
    Getopt options =
        new Getopt(
            "h",
            List.of(
                new Getopt.Name("port", 'p', true),
                new Getopt.Name("hostname", 'n', true),
                new Getopt.Name("no-browser", 'b', false)),
            words);
    int port = BROWSER_PORT;
    String host = "localhost";
    boolean help = false;
    try {
      for (Optional<Getopt.Option> option = options.next();
          option.isPresent();
          option = options.next()) {
        switch (option.get().letter()) {
          case 'p' -> port = CNumber.whole(option.get().argument()).orElse(-1);
          case 'n' -> host = option.get().argument();
          case 'b' -> {} // none is opened anyway
          default -> help = true;
        }
      }
    } catch (BadOption e) {
      bench.err().accept("browse: " + e.complaint() + "\n");
      help = true;
    }
    if (help) {
      bench.print(
          """
          usage: ninja -t browse [options] [target]

          options:
            --port=N         where to listen; 0 for any. Default: 8000
            --hostname=HOST  whose address. Default: localhost
            --no-browser     accepted; no browser is opened
          """);
      return MISUSED;
    }
    List<String> operands = options.operands();
    Ints first = Targets.of(manifest, operands.isEmpty() ? List.of() : operands.subList(0, 1));
    if (first.isEmpty()) {
      throw NinjaError.error("the manifest has nothing to show");
    }
    return new Browser(manifest, manifest.path(first.get(0))).serve(host, port, bench);
  }

  private int clean(Manifest manifest, List<String> words) throws NinjaError, IOException {
    Optional<Words> read =
        words(
            "hgr",
            """
            usage: ninja -t clean [options] [targets]

            options:
              -g     what generators made, too
              -r     the words are rules: what they made
            """,
            words);
    if (read.isEmpty()) {
      return MISUSED;
    }
    List<String> operands = read.get().operands();
    Cleaning cleaning = new Cleaning(manifest, bench);
    if (read.get().has('r')) {
      if (operands.isEmpty()) {
        throw NinjaError.error("expected a rule to clean");
      }
      return cleaning.rules(operands);
    }
    return operands.isEmpty() ? cleaning.all(read.get().has('g')) : cleaning.targets(operands);
  }

  private int commands(Manifest manifest, List<String> words) throws NinjaError {
    Optional<Words> read =
        words(
            "hs",
            """
            usage: ninja -t commands [options] [targets]

            options:
              -s     only the command that makes the target itself
            """,
            words);
    if (read.isEmpty()) {
      return MISUSED;
    }
    Ints targets = Targets.of(manifest, read.get().operands());
    return printed(ManifestTool.commands(manifest, targets, read.get().has('s')));
  }

  private int inputs(Manifest manifest, List<String> words) throws NinjaError {
    Optional<Words> read =
        words(
            "h",
            """
            usage: ninja -t inputs [targets]

            Everything the targets are made from, but for validations.
            """,
            words);
    return read.isEmpty()
        ? MISUSED
        : printed(ManifestTool.inputs(manifest, Targets.of(manifest, read.get().operands())));
  }

  private int compdb(Manifest manifest, List<String> words) throws NinjaError {
    Optional<Words> read =
        words(
            "hx",
            """
            usage: ninja -t compdb [options] [rules]

            options:
              -x     with the content of response files in the place of their names
            """,
            words);
    if (read.isEmpty()) {
      return MISUSED;
    }
    String folder = bench.folder().toString();
    return printed(
        ManifestTool.compdb(manifest, folder, read.get().operands(), read.get().has('x')));
  }

  private int rules(Manifest manifest, List<String> words) {
    Optional<Words> read =
        words(
            "hd",
            """
            usage: ninja -t rules [options]

            options:
              -d     with their descriptions
              -h     this page
            """,
            words);
    return read.isEmpty() ? MISUSED : printed(ManifestTool.rules(manifest, read.get().has('d')));
  }

  private int missingDeps(Manifest manifest, List<String> words) throws NinjaError, IOException {
    Ints targets = Targets.of(manifest, words);
    return new MissingDeps(manifest, bench, LogFiles.of(bench, manifest).deps()).tell(targets);
  }

  private int query(Manifest manifest, List<String> words) throws NinjaError {
    if (words.isEmpty()) {
      throw NinjaError.error("expected a target to query");
    }
    for (String word : words) {
      bench.print(ManifestTool.query(manifest, Targets.of(manifest, word)));
    }
    return 0;
  }

  private int targets(Manifest manifest, List<String> words) throws NinjaError {
    String mode = words.isEmpty() ? "depth" : words.getFirst();
    String more = words.size() < 2 ? "" : words.get(1);
    return printed(
        switch (mode) {
          case "all" -> ManifestTool.targetsAll(manifest);
          case "rule" ->
              more.isEmpty()
                  ? ManifestTool.sources(manifest)
                  : ManifestTool.targetsOfRule(manifest, more);
          case "depth" ->
              ManifestTool.targetsToDepth(manifest, words.size() < 2 ? 1 : CNumber.start(more));
          default ->
              throw NinjaError.error(
                  "unknown target tool mode '"
                      + mode
                      + "'"
                      + Spelling.hint(mode, Stream.of("rule", "depth", "all")));
        });
  }

  private int printed(String text) {
    bench.print(text);
    return 0;
  }

  /** Reads letters without arguments; nothing when help was wanted or needed, and was given. */
  private Optional<Words> words(String letters, String usage, List<String> words) {
    Getopt options = new Getopt(letters, List.of(), words);
    Set<Character> found = new HashSet<>();
    try {
      for (Optional<Getopt.Option> option = options.next();
          option.isPresent();
          option = options.next()) {
        found.add(option.get().letter());
      }
      if (!found.contains('h')) {
        return Optional.of(new Words(found, options.operands()));
      }
    } catch (BadOption e) {
      bench.err().accept(tool.word() + ": " + e.complaint() + "\n");
    }
    bench.print(usage);
    return Optional.empty();
  }
}
