package dev.bricolage.cli.remote;

import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.remote.workers.Strategy;
import dev.bricolage.workspace.Download;
import dev.bricolage.workspace.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * The options that name a remote cache and workers. What stands in {@code bric.toml} is said before
 * them.
 */
public final class RemoteWords {
  private static final Map<String, Boolean> NAMES = names();

  @Option(
      names = "--remote-cache",
      paramLabel = "URL",
      description =
          "Share what is remembered by this cache: grpc://HOST:PORT, grpcs://HOST, unix:/PATH;"
              + " none: no cache")
  String cache = "";

  @Option(
      names = "--remote-executor",
      paramLabel = "URL",
      description =
          "Run what is not remembered on this server's workers; it is the cache, too, if no other"
              + " is named. none: run here")
  String executor = "";

  @Option(
      names = "--strategy",
      paramLabel = "WHERE",
      description =
          "local: here; remote: there, and here if that cannot be; race: both, and who is first"
              + " ends the other. Default: remote")
  Strategy strategy = Strategy.REMOTE;

  @Option(
      names = "--download",
      paramLabel = "WHAT",
      description =
          "Which outputs come into the workspace: all; toplevel: those of what was asked for;"
              + " minimal: none. Default: all")
  Download download = Download.ALL;

  @Option(
      names = "--remote-property",
      paramLabel = "NAME=VALUE",
      description = "The platform that workers must have; may be repeated")
  List<String> properties = new ArrayList<>();

  @Option(
      names = "--remote-priority",
      paramLabel = "N",
      description = "Lower is sooner. Default: 0, the server's own choice")
  int priority;

  @Option(
      names = "--remote-instance",
      paramLabel = "NAME",
      description = "The instance name that the server knows us by")
  String instance = "";

  @Option(
      names = "--remote-header",
      paramLabel = "NAME=VALUE",
      description = "Sent with every call; may be repeated")
  List<String> headers = new ArrayList<>();

  @Option(
      names = "--remote-ca",
      paramLabel = "FILE",
      description = "Certificates of the authorities to believe, instead of the system's")
  String authorities = "";

  @Option(names = "--remote-cert", paramLabel = "FILE", description = "Our certificate, PEM")
  String certificate = "";

  @Option(names = "--remote-key", paramLabel = "FILE", description = "Its key, PEM, PKCS 8")
  String key = "";

  @Option(
      names = "--remote-timeout",
      paramLabel = "SECONDS",
      description = "The most that one call may take. Default: 60")
  long timeout = 60;

  @Option(
      names = "--remote-retries",
      paramLabel = "N",
      description = "How often a call is made again. Default: 5")
  int retries = 5;

  @Option(
      names = "--remote-compress",
      paramLabel = "true|false",
      arity = "1",
      description = "zstd, where the server offers it. Default: true")
  boolean compress = true;

  @Option(
      names = "--remote-upload",
      paramLabel = "true|false",
      arity = "1",
      description = "Publish what is computed here. Default: true")
  boolean upload = true;

  /**
   * Servers that were chosen.
   *
   * @param options the cache
   * @param upload whether what is computed here is published
   * @param workers who runs, if not this machine alone
   * @param download which outputs come home
   */
  public record Choice(
      RemoteOptions options, boolean upload, Optional<Workers> workers, Download download) {}

  /**
   * Workers that were chosen.
   *
   * @param strategy remote or race
   */
  public record Workers(
      RemoteOptions options,
      Strategy strategy,
      SortedMap<String, String> properties,
      int priority) {}

  /** The long options' names, without dashes, and whether they have an argument: all do. */
  public static Map<String, Boolean> names() {
    Map<String, Boolean> names = new LinkedHashMap<>();
    new CommandLine(new RemoteWords())
        .getCommandSpec()
        .options()
        .forEach(option -> names.put(option.longestName().substring(2), true));
    return names;
  }

  /** Whether a word is such an option. */
  public static boolean isOne(String word) {
    return word.startsWith("--") && NAMES.containsKey(word.substring(2).replaceFirst("=.*", ""));
  }

  /** What a command line says of a cache, each {@code --name=value}. */
  public static List<String> said(CommandLine.ParseResult parsed) {
    List<String> words = new ArrayList<>();
    parsed
        .matchedOptions()
        .forEach(option -> {
          if (isOne(option.longestName())) {
            option
                .originalStringValues()
                .forEach(value -> words.add(option.longestName() + "=" + value));
          }
        });
    return words;
  }

  /**
   * What these words say, each {@code --name=value}; later ones have the last word, and headers add
   * up.
   *
   * @param where what is told of first when they are wrong
   */
  public static RemoteWords of(String where, List<String> words) throws UserError {
    RemoteWords remote = new RemoteWords();
    try {
      new CommandLine(remote)
          .setOverwrittenOptionsAllowed(true)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new UserError(where + ": " + e.getMessage());
    }
    return remote;
  }

  /**
   * The servers to use, if any.
   *
   * @param directory from which files are named
   * @param home where {@code .netrc} is looked for
   * @throws UserError naming the option that is wrong
   */
  public Optional<Choice> choice(Path directory, Optional<Path> home) throws UserError {
    boolean runs = isNamed(executor) && strategy != Strategy.LOCAL;
    if (!isNamed(cache) && (!isNamed(executor) || cache.equals("none"))) {
      checkNothingIsAsked(runs);
      return Optional.empty();
    }
    RemoteOptions blobs = options("cache", isNamed(cache) ? cache : executor, directory, home);
    Optional<Workers> workers =
        runs
            ? Optional.of(
                new Workers(
                    options("executor", executor, directory, home),
                    strategy,
                    properties(),
                    priority))
            : Optional.empty();
    return Optional.of(new Choice(blobs, upload, workers, download));
  }

  private static boolean isNamed(String server) {
    return !server.isEmpty() && !server.equals("none");
  }

  /** Said without a server these would do nothing, and look as if they did. */
  private void checkNothingIsAsked(boolean runs) throws UserError {
    if (runs) {
      throw new UserError(
          "--remote-executor %s: workers need a cache; leave --remote-cache=none out"
              .formatted(executor));
    }
    if (download != Download.ALL && executor.isEmpty() && cache.isEmpty()) {
      throw new UserError(
          "--download leaves outputs at a server, and none is named: --remote-cache or"
              + " --remote-executor");
    }
    if (strategy == Strategy.RACE && executor.isEmpty()) {
      throw new UserError("--strategy=race needs workers: --remote-executor");
    }
  }

  private SortedMap<String, String> properties() throws UserError {
    SortedMap<String, String> named = new TreeMap<>();
    for (String property : properties) {
      int equals = property.indexOf('=');
      if (equals < 1) {
        throw new UserError("--remote-property is written NAME=VALUE, not " + property);
      }
      named.put(property.substring(0, equals), property.substring(equals + 1));
    }
    return named;
  }

  private RemoteOptions options(String option, String server, Path directory, Optional<Path> home)
      throws UserError {
    try {
      RemoteOptions options =
          RemoteOptions.parse(server)
              .withInstance(instance)
              .withTimeout(Duration.ofSeconds(timeout))
              .withRetries(retries)
              .withCompression(compress);
      for (String header : headers) {
        options = options.withHeader(RemoteOptions.Header.parse(header));
      }
      if (home.isPresent()) {
        options = options.withNetrc(home.get().resolve(".netrc"));
      }
      RemoteOptions.TlsFiles files =
          new RemoteOptions.TlsFiles(
              file(directory, authorities), file(directory, certificate), file(directory, key));
      boolean any = files.authorities().isPresent() || files.certificate().isPresent();
      return any ? options.withTls(files) : options;
    } catch (IllegalArgumentException e) {
      throw new UserError("--remote-%s %s: %s".formatted(option, server, e.getMessage()));
    }
  }

  private static Optional<Path> file(Path directory, String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(directory.resolve(name).normalize());
  }
}
