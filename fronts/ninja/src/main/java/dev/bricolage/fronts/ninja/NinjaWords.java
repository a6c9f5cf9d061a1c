package dev.bricolage.fronts.ninja;

import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.tool.Subtool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * ninja's command line, understood.
 *
 * @param directory {@code -C}
 * @param file the manifest's name, {@code -f}
 * @param jobs {@code -j}, at least 1
 * @param keepGoing {@code -k}: how many edges may fail; 0 for any number
 * @param load {@code -l}: no edge is started beside another while the machine's load is this or
 *     more; 0 or less for no limit
 * @param dryRun {@code -n}
 * @param telling how much is told
 * @param fresh every edge runs, known or not
 * @param strict an edge that looks for what another edge makes must have said so
 * @param sharedPath commands see the workspace at the same path in every checkout
 * @param debug {@code -d}
 * @param choices {@code -w}
 * @param tool {@code -t}; the words behind it are then {@code rest}
 * @param rest the targets
 * @param warnings what ninja warns of before it begins
 * @param color {@code --color}
 * @param besides options that somebody else understands, each {@code --name} or {@code
 *     --name=value}
 */
public record NinjaWords(
    Optional<String> directory,
    String file,
    int jobs,
    int keepGoing,
    double load,
    boolean dryRun,
    Telling telling,
    boolean fresh,
    boolean strict,
    boolean sharedPath,
    Set<DebugMode> debug,
    Choices choices,
    Optional<Subtool> tool,
    List<String> rest,
    List<String> warnings,
    Optional<String> color,
    List<String> besides) {

  /** How much is told. */
  public enum Telling {
    /** What fails and what commands say: {@code --quiet}. */
    QUIET,
    /** A line for each edge. */
    USUAL,
    /** Whole command lines: {@code -v}. */
    VERBOSE
  }

  /** What reading words comes to. */
  public sealed interface Reading {
    /** There is something to do. */
    record Asked(NinjaWords words) implements Reading {}

    /** It is done: this is to be printed. */
    record Answered(int status, String out, String err) implements Reading {}

    /** Help is wanted. */
    record Help() implements Reading {}

    /** An option that is none; ninja shows its help behind the complaint. */
    record Misused(String complaint) implements Reading {}
  }

  /** Reads the words of {@code ninja}. */
  public static Reading ofNinja(List<String> words, int processors) {
    return new NinjaWordsReader(words, processors, NinjaWordsReader.NAMES).read();
  }

  /**
   * Reads the words of {@code bric ninja}, which has options of its own besides.
   *
   * @param besides the names of long options that somebody else understands, and whether they have
   *     an argument
   */
  public static Reading ofBric(List<String> words, int processors, Map<String, Boolean> besides) {
    return new NinjaWordsReader(words, processors, NinjaWordsReader.ours(besides)).read();
  }

  /** What {@code ninja -h} prints. */
  public static String usage(int processors) {
    return """
    usage: ninja [options] [targets...]

    Builds the targets, or what the manifest's default statement names, each command in a
    sandbox and remembered. This is `bric ninja`; its manual is `bric ninja --help`.

    options:
      --version      print the version of ninja that this stands for ("%s") and end
      -v, --verbose  whole command lines
      --quiet        only what fails, and what commands say

      -C DIR   change to DIR first
      -f FILE  the manifest [default=build.ninja]

      -j N     run N commands side by side; 0: no limit [default=%d here]
      -k N     go on until N commands have failed; 0: to the end [default=1]
      -l N     start no further command while the load is N or more
      -n       dry run: tell what would be done, and do nothing

      -d MODE  debugging; '-d list' lists the modes
      -t TOOL  run a subtool with all words that follow; '-t list' lists them
      -w FLAG  warnings; '-w list' lists the flags
    """
        .formatted(NinjaWordsReader.VERSION, usualJobs(processors));
  }

  /** As many as ninja's guess: a few more than there are processors. */
  static int usualJobs(int processors) {
    return processors <= 1 ? 2 : processors == 2 ? 3 : processors + 2;
  }

  /** Whether a mode was turned on. */
  public boolean debugs(DebugMode mode) {
    return debug.contains(mode);
  }
}
