package dev.bricolage.cli.events;

import dev.bricolage.remote.events.Publication;
import dev.bricolage.workspace.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
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
      new CommandLine(options).parseArgs(words.toArray(String[]::new));
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
   */
  public Optional<Publication> publication(Path directory) throws UserError {
    if (json.isEmpty() && binary.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Publication(
            file("--build_event_json_file", json, directory),
            file("--build_event_binary_file", binary, directory),
            allActions));
  }

  private static Optional<Path> file(String option, String name, Path directory) throws UserError {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path file = directory.resolve(name).normalize();
    if (file.startsWith("/dev/fd") || file.startsWith("/proc") || file.startsWith("/dev/std")) {
      throw new UserError(
          "%s %s: is open in your shell only, and the daemon writes the file; name a file"
              .formatted(option, name));
    }
    if (Files.isDirectory(file)) {
      throw new UserError(option + " " + name + ": is a directory");
    }
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UserError(option + " " + name + ": no directory " + folder);
    }
    return Optional.of(file);
  }
}
