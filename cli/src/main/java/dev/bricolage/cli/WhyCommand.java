package dev.bricolage.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bric why}. */
@Command(
    name = "why",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric why [OPTION]... [ID] [FILE|PATTERN]",
    description =
        "Says why a run was run, or that it was remembered: which question had a new answer, with"
            + " the old and the new digest; or that it was the first time. Without an ID (see `bric"
            + " log`), the last run in this workspace is meant. With a FILE that `bric ninja` made,"
            + " the edge that made it last is explained. With a PATTERN, a part of a command"
            + " line such as lcode.c, the compilers and their like that the run started are"
            + " explained; without an ID, those of the last run that started such a one.",
    optionListHeading = "%nOptions:%n")
final class WhyCommand implements Verb {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @Option(names = "--json", description = "Answer in JSON")
  boolean json;

  @Parameters(
      paramLabel = "ID|FILE|PATTERN",
      arity = "0..2",
      description = "The run, as `bric log` names it; an output; what tools' command lines hold")
  List<String> words = List.of();

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    Optional<String> id = words.stream().findFirst().filter(word -> NUMBER.matcher(word).matches());
    List<String> rest = id.isPresent() ? words.subList(1, words.size()) : words;
    if (rest.size() > 1) {
      throw new Failure(ExitStatus.USAGE, "why: " + rest.getFirst() + ": is no run's number");
    }
    Optional<String> tool = rest.stream().findFirst();
    return work.why(new WhyOptions(session.directory(), id, tool, json), session);
  }
}
