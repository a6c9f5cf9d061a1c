package dev.bricolage.cli;

import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bric why}. */
@Command(
    name = "why",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric why [OPTION]... [ID]",
    description =
        "Says why a run was run, or that it was remembered: which question had a new answer, with"
            + " the old and the new digest; or that it was the first time. Without an ID (see `bric"
            + " log`), the last run in this workspace is meant.",
    optionListHeading = "%nOptions:%n")
final class WhyCommand implements Verb {
  @Option(names = "--json", description = "Answer in JSON")
  boolean json;

  @Parameters(paramLabel = "ID", arity = "0..1", description = "The run, as `bric log` names it")
  String id = "";

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    Optional<String> named = Optional.of(id).filter(name -> !name.isEmpty());
    return work.why(new WhyOptions(session.directory(), named, json), session);
  }
}
