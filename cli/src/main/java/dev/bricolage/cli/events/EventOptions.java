package dev.bricolage.cli.events;

import dev.bricolage.remote.events.Publication;
import dev.bricolage.remote.events.service.Destination;
import dev.bricolage.workspace.UserError;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where events go, in Bazel's own options, so that what calls Bazel can call us. */
public final class EventOptions {
  @Option(
      names = "--build_event_json_file",
      paramLabel = "FILE",
      description = "Write the build event stream to FILE, a line of JSON for each event")
  String json = "";

  @Option(
      names = "--build_event_binary_file",
      paramLabel = "FILE",
      description = "The same as protobuf messages, each behind its length")
  String binary = "";

  @Option(
      names = "--build_event_publish_all_actions",
      description = "Tell of what went well, too, not only of what failed")
  boolean allActions;

  @Option(
      names = "--bes_backend",
      paramLabel = "grpc[s]://HOST:PORT",
      description = "Send it to this build event service")
  String backend = "";

  @Option(
      names = "--bes_header",
      paramLabel = "NAME=VALUE",
      description = "A header for the service, such as a key")
  List<String> headers = new ArrayList<>();

  @Option(
      names = "--bes_instance_name",
      paramLabel = "NAME",
      description = "The project there that the build belongs to")
  String instance = "";

  @Option(
      names = "--bes_timeout",
      paramLabel = "D",
      description =
          "Wait no longer for the service when the build has ended. Default: until five"
              + " tries in a row have failed")
  String timeout = "0";

  @Option(
      names = "--bes_upload_mode",
      paramLabel = "MODE",
      description = "wait_for_upload_complete, or fully_async: bric ends and the daemon sends on")
  UploadMode mode = UploadMode.WAIT_FOR_UPLOAD_COMPLETE;

  @Option(
      names = "--bes_results_url",
      paramLabel = "URL",
      description = "Where the service shows builds; the build's own page is told")
  String results = "";

  /** Whether the user waits. */
  enum UploadMode {
    WAIT_FOR_UPLOAD_COMPLETE,
    FULLY_ASYNC
  }

  @Option(
      names = "--build_metadata",
      paramLabel = "KEY=VALUE",
      description = "Something that the stream shall say besides")
  Map<String, String> metadata = new LinkedHashMap<>();

  @Option(
      names = "--invocation_id",
      paramLabel = "UUID",
      description = "The name of this build in the stream. Default: a new one")
  String invocation = "";

  /** The long options' names, without dashes, and whether they have an argument. */
  public static Map<String, Boolean> names() {
    Map<String, Boolean> names = new LinkedHashMap<>();
    new CommandLine(new EventOptions())
        .getCommandSpec()
        .options()
        .forEach(option -> names.put(option.longestName().substring(2), option.arity().max() > 0));
    return names;
  }

  /** What these words say, each {@code --name} or {@code --name=value}. */
  public static EventOptions of(List<String> words) throws UserError {
    EventOptions options = new EventOptions();
    try {
      new CommandLine(options)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
    return options;
  }

  /** What the stream says of the build besides. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The build's name. */
  public UUID id() throws UserError {
    if (invocation.isEmpty()) {
      return UUID.randomUUID();
    }
    try {
      return UUID.fromString(invocation);
    } catch (IllegalArgumentException e) {
      throw new UserError("--invocation_id " + invocation + ": not a UUID");
    }
  }

  /**
   * Where events are to go, if anywhere.
   *
   * @param directory from which files are named
   * @param scratch a folder for events that wait for a service
   * @throws UserError for an option that is not understood
   * @throws FileSystemException for a file that cannot be
   */
  public Optional<Publication> publication(Path directory, Path scratch) throws IOException {
    if (json.isEmpty() && binary.isEmpty() && backend.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Publication(
            file("--build_event_json_file", json, directory),
            file("--build_event_binary_file", binary, directory),
            backend.isEmpty() ? Optional.empty() : Optional.of(destination(scratch)),
            allActions));
  }

  private Destination destination(Path scratch) throws UserError {
    Destination.Place place;
    try {
      place = Destination.Place.parse(backend);
    } catch (IllegalArgumentException e) {
      throw new UserError("--bes_backend " + backend + ": " + e.getMessage());
    }
    List<Destination.Header> all = new ArrayList<>();
    for (String header : headers) {
      all.add(header(header));
    }
    return new Destination(
        place.host(),
        place.port(),
        place.secret(),
        all,
        instance,
        patience(),
        mode == UploadMode.WAIT_FOR_UPLOAD_COMPLETE,
        results.isEmpty() ? Optional.empty() : Optional.of(results),
        scratch);
  }

  private static Destination.Header header(String text) throws UserError {
    int equals = text.indexOf('=');
    try {
      return new Destination.Header(
          text.substring(0, Math.max(0, equals)), text.substring(equals + 1));
    } catch (IllegalArgumentException e) {
      throw new UserError("--bes_header: write NAME=VALUE");
    }
  }

  private Optional<Duration> patience() throws UserError {
    if (timeout.matches("0[sm]?")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse("PT" + timeout));
    } catch (DateTimeParseException e) {
      throw new UserError("--bes_timeout " + timeout + ": write it as 90s, 5m or 1h30m");
    }
  }

  /** These words, but for the values of headers: they are keys. */
  public static List<String> withoutSecrets(List<String> words) {
    List<String> safe = new ArrayList<>();
    boolean header = false;
    for (String word : words) {
      boolean joined = word.matches("(?s)--[a-z_-]*header=.*");
      int equals = word.indexOf('=', joined ? word.indexOf('=') + 1 : 0);
      boolean secret = header || joined;
      safe.add(secret ? word.substring(0, equals + 1) + "<secret>" : word);
      header = word.matches("--[a-z_-]*header");
    }
    return safe;
  }

  private static Optional<Path> file(String option, String name, Path directory)
      throws FileSystemException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path file = directory.resolve(name).normalize();
    if (file.startsWith("/dev/fd") || file.startsWith("/proc") || file.startsWith("/dev/std")) {
      throw cannot(option, name, "is open in your shell only, and the daemon writes; name a file");
    }
    if (Files.isDirectory(file)) {
      throw cannot(option, name, "is a directory");
    }
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw cannot(option, name, "no directory " + folder);
    }
    return Optional.of(file);
  }

  private static FileSystemException cannot(String option, String name, String reason) {
    return new FileSystemException(option + " " + name, null, reason);
  }
}
