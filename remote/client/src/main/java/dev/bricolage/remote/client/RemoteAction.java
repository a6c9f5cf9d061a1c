package dev.bricolage.remote.client;

import dev.bricolage.action.Digest;
import dev.bricolage.action.TreePath;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.protocol.Reapi.Action;
import dev.bricolage.remote.protocol.Reapi.Command;
import dev.bricolage.remote.protocol.Reapi.Platform;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a server is to run: REAPI's {@code Action} and {@code Command}.
 *
 * @param arguments the program and its arguments
 * @param environment every variable the program sees
 * @param directory where it runs, below the input root
 * @param files what it makes, relative to {@code directory}: files, for servers before 2.1, which
 *     must be told
 * @param folders and folders
 * @param platform what it must run on, as the server's own words
 * @param timeout how long it may take; none is the server's own choice
 * @param doNotCache whether its result is not to be kept
 * @param inputs the digest of the input root's {@code Directory}
 */
public record RemoteAction(
    List<String> arguments,
    SortedMap<String, String> environment,
    TreePath directory,
    Collection<TreePath> files,
    Collection<TreePath> folders,
    SortedMap<String, String> platform,
    Optional<Duration> timeout,
    boolean doNotCache,
    Digest inputs) {

  private static final int OUTPUT_PATHS_MINOR = 1;
  private static final int ACTION_PLATFORM_MINOR = 2;

  /** REAPI sorts by UTF-8, which is the order of code points. */
  private static final Comparator<String> BY_BYTES =
      (left, right) -> java.util.Arrays.compareUnsigned(bytes(left), bytes(right));

  /** The two messages, which the server must have before it is asked to run them. */
  public static final class Encoded {
    private final byte[] action;
    private final byte[] command;

    private Encoded(byte[] action, byte[] command) {
      this.action = action;
      this.command = command;
    }

    /** The {@code Action}. */
    public byte[] action() {
      return action.clone();
    }

    /** The {@code Command} that it names. */
    public byte[] command() {
      return command.clone();
    }

    /** The action's name, in the action cache too. */
    public Digest digest() {
      return Digest.of(action);
    }
  }

  /** Copies, sorted; refuses an empty command. */
  public RemoteAction {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("an action needs a program to run");
    }
    arguments = List.copyOf(arguments);
    environment = sorted(environment);
    platform = sorted(platform);
    files = List.copyOf(new TreeSet<>(files));
    folders = List.copyOf(new TreeSet<>(folders));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static SortedMap<String, String> sorted(Map<String, String> given) {
    SortedMap<String, String> sorted = new TreeMap<>(BY_BYTES);
    sorted.putAll(given);
    return Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * Both messages as this server understands them. An action has another digest for a server of
   * another version, so a result is found again only among servers that agree.
   */
  public Encoded encode(RemoteCapabilities server) {
    byte[] command = command(server.minor()).toByteArray();
    Action.Builder action =
        Action.newBuilder()
            .setCommandDigest(Digests.write(Digest.of(command)))
            .setInputRootDigest(Digests.write(inputs))
            .setDoNotCache(doNotCache);
    timeout.ifPresent(limit ->
        action.getTimeoutBuilder().setSeconds(limit.toSeconds()).setNanos(limit.toNanosPart()));
    if (server.minor() >= ACTION_PLATFORM_MINOR && !platform.isEmpty()) {
      action.setPlatform(properties());
    }
    return new Encoded(action.build().toByteArray(), command);
  }

  /**
   * Where the platform stands in two places, many servers read only one: it is in both. The working
   * directory itself is an output by the fields for old servers alone.
   */
  @SuppressWarnings("deprecation") // servers before 2.1 and 2.2
  private Command command(int minor) {
    Command.Builder command =
        Command.newBuilder().addAllArguments(arguments).setWorkingDirectory(directory.value());
    environment.forEach(
        (name, value) -> command.addEnvironmentVariablesBuilder().setName(name).setValue(value));
    if (minor >= OUTPUT_PATHS_MINOR && !folders.contains(TreePath.ROOT)) {
      Stream.concat(files.stream(), folders.stream())
          .sorted()
          .distinct()
          .forEach(path -> command.addOutputPaths(path.value()));
    } else {
      files.forEach(path -> command.addOutputFiles(path.value()));
      folders.forEach(path -> command.addOutputDirectories(path.value()));
    }
    if (!platform.isEmpty()) {
      command.setPlatform(properties());
    }
    return command.build();
  }

  private Platform properties() {
    Platform.Builder properties = Platform.newBuilder();
    platform.forEach(
        (name, value) -> properties.addPropertiesBuilder().setName(name).setValue(value));
    return properties.build();
  }
}
