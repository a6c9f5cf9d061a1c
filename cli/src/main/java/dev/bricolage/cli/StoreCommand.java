package dev.bricolage.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bric store}: looking inside the store and looking after it. */
@Command(
    name = "store",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric store COMMAND [OPTION]...",
    description = "Looks inside the store (in BRIC_HOME) and looks after it.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    subcommands = {
      StoreCommand.Stat.class,
      StoreCommand.Verify.class,
      StoreCommand.Gc.class,
      StoreCommand.Cat.class,
      StoreCommand.Ls.class
    })
final class StoreCommand {

  /** {@code bric store stat}. */
  @Command(
      name = "stat",
      synopsisHeading = "Usage: ",
      description = "Counts what is in the store, and its bytes, by kind.")
  static final class Stat implements Verb {
    @Option(names = "--json", description = "Answer in JSON")
    boolean json;

    @Override
    public int perform(Work work, Session session)
        throws Failure, IOException, InterruptedException {
      return work.store(new StoreOptions.Stat(json), session);
    }
  }

  /** {@code bric store verify}. */
  @Command(
      name = "verify",
      synopsisHeading = "Usage: ",
      description = {
        "Hashes every blob again and decodes every trace. What is damaged is told and removed; it"
            + " is made again when it is needed.",
        "The exit status is 1 when something was damaged."
      })
  static final class Verify implements Verb {
    @Option(names = "--json", description = "Answer in JSON")
    boolean json;

    @Override
    public int perform(Work work, Session session)
        throws Failure, IOException, InterruptedException {
      return work.store(new StoreOptions.Verify(json), session);
    }
  }

  /** {@code bric store gc}. */
  @Command(
      name = "gc",
      synopsisHeading = "Usage: ",
      description =
          "Removes what was used longest ago until the rest fits the budget. Safe beside running"
              + " builds.")
  static final class Gc implements Verb {
    @Option(
        names = "--size",
        paramLabel = "SIZE",
        description = "The budget: 500M, 20G; default: the configured one")
    String size = "";

    @Option(names = "--json", description = "Answer in JSON")
    boolean json;

    @Override
    public int perform(Work work, Session session)
        throws Failure, IOException, InterruptedException {
      return work.store(new StoreOptions.Gc(budget(), json), session);
    }

    private Optional<Long> budget() throws Failure {
      if (size.isEmpty()) {
        return Optional.empty();
      }
      OptionalLong bytes = ByteSize.parse(size);
      if (bytes.isEmpty()) {
        throw new Failure(
            ExitStatus.USAGE, "store gc: --size " + size + ": not a size; write it as 500M or 20G");
      }
      return Optional.of(bytes.getAsLong());
    }
  }

  /** {@code bric store cat}. */
  @Command(
      name = "cat",
      synopsisHeading = "Usage: ",
      description = "Writes a blob's bytes to standard output.")
  static final class Cat implements Verb {
    @Parameters(paramLabel = "DIGEST", description = "HASH or HASH/SIZE, as `store ls` prints them")
    String digest = "";

    @Override
    public int perform(Work work, Session session)
        throws Failure, IOException, InterruptedException {
      return work.store(new StoreOptions.Cat(digest), session);
    }
  }

  /** {@code bric store ls}. */
  @Command(
      name = "ls",
      synopsisHeading = "Usage: ",
      description = "Lists the digest and the size of every blob.")
  static final class Ls implements Verb {
    @Override
    public int perform(Work work, Session session)
        throws Failure, IOException, InterruptedException {
      return work.store(new StoreOptions.Ls(), session);
    }
  }
}
