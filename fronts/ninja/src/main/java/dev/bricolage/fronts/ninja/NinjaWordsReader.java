package dev.bricolage.fronts.ninja;

import dev.bricolage.fronts.ninja.NinjaWords.Reading;
import dev.bricolage.fronts.ninja.NinjaWords.Telling;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.options.BadOption;
import dev.bricolage.fronts.ninja.options.CNumber;
import dev.bricolage.fronts.ninja.options.Getopt;
import dev.bricolage.fronts.ninja.options.Spelling;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.tool.Subtool;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads ninja's command line, word by word: the first that ends it is the answer. */
final class NinjaWordsReader {
  /** The ninja that this stands for. */
  static final String VERSION = "1.11.1";

  private static final String LETTERS = "d:f:j:k:l:nt:vw:C:h";
  private static final char VERSION_ASKED = 'V';
  private static final char QUIET = 'Q';
  private static final char FRESH = 'F';
  private static final char STRICT = 'S';
  private static final char SHARED_PATH = 'P';
  private static final char COLOR = 'c';
  static final List<Getopt.Name> NAMES =
      List.of(
          new Getopt.Name("help", 'h', false),
          new Getopt.Name("version", VERSION_ASKED, false),
          new Getopt.Name("verbose", 'v', false),
          new Getopt.Name("quiet", QUIET, false));
  private static final List<Getopt.Name> OURS =
      Stream.concat(
              NAMES.stream(),
              Stream.of(
                  new Getopt.Name("fresh", FRESH, false),
                  new Getopt.Name("strict", STRICT, false),
                  new Getopt.Name("shared-path", SHARED_PATH, false),
                  new Getopt.Name("color", COLOR, true)))
          .toList();

  /** Other options stand for letters from here on, which no word can have. */
  private static final char BESIDES = '\ue000';

  private final List<Getopt.Name> names;
  private final Getopt options;
  private Optional<String> directory = Optional.empty();
  private String file = "build.ninja";
  private int jobs;
  private int keepGoing = 1;
  private double load;
  private boolean dryRun;
  private Telling telling = Telling.USUAL;
  private boolean fresh;
  private boolean strict;
  private boolean sharedPath;
  private final Set<DebugMode> debug = EnumSet.noneOf(DebugMode.class);
  private Choices choices = Choices.USUAL;
  private Optional<Subtool> tool = Optional.empty();
  private final List<String> warnings = new ArrayList<>();
  private Optional<String> color = Optional.empty();
  private final List<String> besides = new ArrayList<>();

  /**
   * A reader.
   *
   * @param processors how many there are
   * @param names the long options there are
   */
  NinjaWordsReader(List<String> words, int processors, List<Getopt.Name> names) {
    this.names = names;
    this.options = new Getopt(LETTERS, names, words);
    this.jobs = NinjaWords.usualJobs(processors);
  }

  /** Those of {@code bric ninja}, and these besides. */
  static List<Getopt.Name> ours(Map<String, Boolean> besides) {
    List<Getopt.Name> names = new ArrayList<>(OURS);
    besides.forEach((name, argument) ->
        names.add(new Getopt.Name(name, (char) (BESIDES + names.size()), argument)));
    return names;
  }

  Reading read() {
    try {
      while (tool.isEmpty()) {
        Optional<Getopt.Option> option = options.next();
        if (option.isEmpty()) {
          break;
        }
        Optional<Reading> end = take(option.get());
        if (end.isPresent()) {
          return end.get();
        }
      }
    } catch (BadOption e) {
      return new Reading.Misused(e.complaint());
    } catch (NinjaError e) {
      return new Reading.Answered(1, "", e.printed() + "\n");
    }
    // As in ninja, targets before -t are dropped.
    List<String> rest = tool.isPresent() ? options.unread() : options.operands();
    return new Reading.Asked(
        new NinjaWords(
            directory,
            file,
            jobs,
            keepGoing,
            load,
            dryRun,
            telling,
            fresh,
            strict,
            sharedPath,
            Set.copyOf(debug),
            choices,
            tool,
            List.copyOf(rest),
            List.copyOf(warnings),
            color,
            List.copyOf(besides)));
  }

  /** Takes an option in; gives the end of all if it is that. */
  private Optional<Reading> take(Getopt.Option option) throws NinjaError {
    String argument = option.argument();
    switch (option.letter()) {
      case 'f' -> file = argument;
      case 'C' -> directory = Optional.of(argument);
      case 'j' -> jobs = jobs(argument);
      case 'k' -> keepGoing = keepGoing(argument);
      case 'l' -> load = load(argument);
      case 'n' -> dryRun = true;
      case 'v' -> telling = Telling.VERBOSE;
      case QUIET -> telling = Telling.QUIET;
      case FRESH -> fresh = true;
      case STRICT -> strict = true;
      case SHARED_PATH -> sharedPath = true;
      case COLOR -> color = Optional.of(argument);
      case 'd' -> {
        return debug(argument);
      }
      case 'w' -> {
        return warn(argument);
      }
      case 't' -> {
        return tool(argument);
      }
      case VERSION_ASKED -> {
        return printed(0, VERSION + "\n");
      }
      default -> {
        if (option.letter() < BESIDES) {
          return Optional.of(new Reading.Help());
        }
        besides.add(besides(option));
      }
    }
    return Optional.empty();
  }

  private String besides(Getopt.Option option) {
    Getopt.Name name = names.get(option.letter() - BESIDES);
    return "--" + name.name() + (name.argument() ? "=" + option.argument() : "");
  }

  private static int jobs(String word) throws NinjaError {
    int number = CNumber.whole(word).orElse(-1);
    if (number < 0) {
      throw NinjaError.fatal("invalid -j parameter");
    }
    return number == 0 ? Integer.MAX_VALUE : number;
  }

  private static int keepGoing(String word) throws NinjaError {
    return Math.max(
        0,
        CNumber.whole(word)
            .orElseThrow(() -> NinjaError.fatal("-k parameter not numeric; did you mean -k 0?")));
  }

  private static double load(String word) throws NinjaError {
    return CNumber.real(word)
        .orElseThrow(() -> NinjaError.fatal("-l parameter not numeric: did you mean -l 0.0?"));
  }

  private Optional<Reading> debug(String word) throws NinjaError {
    if (word.equals("list")) {
      return printed(1, DebugMode.list());
    }
    debug.add(DebugMode.named(word));
    return Optional.empty();
  }

  private Optional<Reading> tool(String word) throws NinjaError {
    if (word.equals("list")) {
      return printed(0, Subtool.list());
    }
    tool = Optional.of(Subtool.named(word));
    return Optional.empty();
  }

  private Optional<Reading> warn(String word) throws NinjaError {
    switch (word) {
      case "list" -> {
        return printed(
            1,
            """
            warning flags:
              dupbuild={err,warn}    two edges make one output
              phonycycle={err,warn}  a phony edge names its output as its input
            """);
      }
      case "dupbuild=err", "dupbuild=warn" ->
          choices = new Choices(word.endsWith("err"), choices.phonyCyclesAreErrors());
      case "phonycycle=err", "phonycycle=warn" ->
          choices = new Choices(choices.duplicatesAreErrors(), word.endsWith("err"));
      case "depfilemulti=err", "depfilemulti=warn" ->
          warnings.add("deprecated warning 'depfilemulti'");
      default ->
          throw NinjaError.error(
              "unknown warning flag '"
                  + word
                  + "'"
                  + Spelling.hint(
                      word,
                      Stream.of(
                          "dupbuild=err", "dupbuild=warn", "phonycycle=err", "phonycycle=warn")));
    }
    return Optional.empty();
  }

  private static Optional<Reading> printed(int status, String out) {
    return Optional.of(new Reading.Answered(status, out, ""));
  }
}
