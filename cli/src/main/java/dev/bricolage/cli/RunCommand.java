package dev.bricolage.cli;

import dev.bricolage.cli.events.EventOptions;
import dev.bricolage.cli.remote.RemoteWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bric run}: checks its options against the client's folder and environment. */
@Command(
    name = "run",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric run [OPTION]... [--] CMD [ARG]...",
    description = {
      "Runs a command on a snapshot of the workspace, in a sandbox, and remembers what it looked at"
          + " and what it made. While nothing it looked at has changed, in this checkout or any"
          + " other, it is not run again: its outputs, its text and its exit status come from"
          + " memory."
    },
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "The exit status is the command's own, or 128 + n when signal n ended it. 124: --timeout was"
          + " reached. Others: `bric help exit-status`.",
      "",
      "Examples:",
      "  bric run -- make -j8",
      "  bric run -C lib -e CFLAGS=-O3 --timeout 10m -- ./configure && make"
    })
final class RunCommand implements Verb {
  @Option(
      names = "-C",
      paramLabel = "DIR",
      description = "Run in DIR instead of the current folder")
  String directory = "";

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = "Give the command this variable; without a value, as it is set here")
  List<String> variables = new ArrayList<>();

  @Option(
      names = "--ro",
      paramLabel = "PATH",
      description = "Let the command see this file or folder of the machine")
  List<String> readOnly = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "PATH",
      description = "An output, although git tracks it: absent when the command starts")
  List<String> out = new ArrayList<>();

  @Option(names = "--in", paramLabel = "PATH", description = "An input, although git ignores it")
  List<String> in = new ArrayList<>();

  @Option(names = "--no-write-back", description = "Leave the workspace as it is")
  boolean noWriteBack;

  @Option(names = "--fresh", description = "Run, although the result is known")
  boolean fresh;

  @Option(
      names = "--real-path",
      description = "Run under the workspace's own path instead of /build")
  boolean realPath;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      description = "End the command after this time: 90s, 5m, 1h30m")
  String timeout = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Write the run's record to FILE")
  String json = "";

  @Option(
      names = {"-q", "--quiet"},
      description = "No summary line at the end")
  boolean quiet;

  @Mixin EventOptions events = new EventOptions();

  @Mixin RemoteWords remote = new RemoteWords();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  @Parameters(paramLabel = "CMD", arity = "0..*", description = "The command and its arguments")
  List<String> command = new ArrayList<>();

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    RunOptions options = options(session);
    List<String> words = session.request().arguments();
    session.remote(RemoteWords.said(spec.commandLine().getParseResult()));
    return new Followed(events, work, session)
        .perform(
            "run",
            words.subList(words.indexOf("run") + 1, words.size()),
            command,
            0,
            () -> work.run(options, session));
  }

  RunOptions options(Session session) throws Failure {
    if (command.isEmpty()) {
      throw new Failure(
          ExitStatus.USAGE, "run: no command; write it after the options: bric run -- make -j8");
    }
    return new RunOptions(
        directory(session),
        command,
        environment(session),
        session.environment(),
        readOnly(session),
        out,
        in,
        !noWriteBack,
        fresh,
        realPath,
        timeout(),
        json(session),
        quiet);
  }

  private Path directory(Session session) throws Failure {
    Path resolved = session.directory().resolve(directory).normalize();
    if (!Files.exists(resolved)) {
      throw new Failure(ExitStatus.NO_INPUT, "-C " + directory + ": no such directory");
    }
    if (!Files.isDirectory(resolved)) {
      throw new Failure(ExitStatus.NO_INPUT, "-C " + directory + ": not a directory");
    }
    return resolved;
  }

  private Map<String, String> environment(Session session) throws Failure {
    Map<String, String> resolved = new LinkedHashMap<>();
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      String name = equals < 0 ? variable : variable.substring(0, equals);
      if (name.isEmpty()) {
        throw new Failure(
            ExitStatus.USAGE, "run: -e '" + variable + "': no name; write NAME or NAME=VALUE");
      }
      if (equals >= 0) {
        resolved.put(name, variable.substring(equals + 1));
        continue;
      }
      if (session.request().unreadable().contains(name)) {
        throw new Failure(ExitStatus.USAGE, "run: -e " + name + ": its value is not UTF-8");
      }
      Optional.ofNullable(session.environment().get(name))
          .ifPresentOrElse(value -> resolved.put(name, value), () -> resolved.remove(name));
    }
    return resolved;
  }

  private List<Path> readOnly(Session session) throws Failure {
    List<Path> resolved = new ArrayList<>();
    for (String path : readOnly) {
      Path absolute = session.directory().resolve(path).normalize();
      if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
        throw new Failure(ExitStatus.NO_INPUT, "--ro " + path + ": no such file or directory");
      }
      resolved.add(absolute);
    }
    return resolved;
  }

  private Optional<Duration> timeout() throws Failure {
    if (timeout.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> parsed = TimeLimit.parse(timeout);
    if (parsed.isEmpty()) {
      throw new Failure(
          ExitStatus.USAGE,
          "run: --timeout " + timeout + ": not a duration; write it as 90s, 5m or 1h30m");
    }
    return parsed;
  }

  private Optional<Path> json(Session session) throws Failure {
    if (json.isEmpty()) {
      return Optional.empty();
    }
    Path file = session.directory().resolve(json).normalize();
    Optional<Path> folder = Optional.ofNullable(file.getParent());
    if (folder.isEmpty() || Files.isDirectory(file)) {
      throw new Failure(ExitStatus.CANNOT_CREATE, "--json " + json + ": is a directory");
    }
    if (!Files.isDirectory(folder.get())) {
      throw new Failure(
          ExitStatus.CANNOT_CREATE, "--json " + json + ": no directory " + folder.get());
    }
    return Optional.of(file);
  }
}
