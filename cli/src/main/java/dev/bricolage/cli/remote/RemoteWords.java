package dev.bricolage.cli.remote;

import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.workspace.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that name a remote cache. What stands in {@code bric.toml} is said before them. */
public final class RemoteWords {
  private static final String PREFIX = "--remote-";

  @Option(
      names = "--remote-cache",
      paramLabel = "URL",
      description =
          "Share what is remembered by this cache: grpc://HOST:PORT, grpcs://HOST, unix:/PATH;"
              + " none: no cache")
  String cache = "";

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
   * A cache that was chosen.
   *
   * @param upload whether what is computed here is published
   */
  public record Choice(RemoteOptions options, boolean upload) {}

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
    return word.startsWith(PREFIX);
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
          .parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new UserError(where + ": " + e.getMessage());
    }
    return remote;
  }

  /**
   * The cache to use, if any.
   *
   * @param directory from which files are named
   * @param home where {@code .netrc} is looked for
   * @throws UserError naming the option that is wrong
   */
  public Optional<Choice> choice(Path directory, Optional<Path> home) throws UserError {
    if (cache.isEmpty() || cache.equals("none")) {
      return Optional.empty();
    }
    try {
      RemoteOptions options =
          RemoteOptions.parse(cache)
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
      return Optional.of(new Choice(any ? options.withTls(files) : options, upload));
    } catch (IllegalArgumentException e) {
      throw new UserError("--remote-cache " + cache + ": " + e.getMessage());
    }
  }

  private static Optional<Path> file(Path directory, String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(directory.resolve(name).normalize());
  }
}
