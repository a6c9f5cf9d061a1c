package dev.bricolage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The installed client with a BRIC_HOME of its own, in a temporary folder with a short name. */
public final class Bric implements AutoCloseable {
  /** What a process left behind. */
  public record Outcome(int status, String stdout, String stderr) {}

  private final Path dist;
  private final Path folder;
  private final Path home;
  private final Map<String, String> environment = new LinkedHashMap<>();

  private Bric(Path dist) throws IOException {
    this.dist = dist;
    this.folder = Files.createTempDirectory("bric");
    this.home = folder.resolve("home");
    environment.put("BRIC_HOME", home.toString());
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("BRIC_IDLE", "120"); // nothing stays behind when a test is killed
  }

  public static Path dist() {
    return Path.of(System.getProperty("bric.dist"));
  }

  public static Bric installed() throws IOException {
    return new Bric(dist());
  }

  public static Bric of(Path dist) throws IOException {
    return new Bric(dist);
  }

  public Path home() {
    return home;
  }

  /** A folder beside BRIC_HOME that goes with it. */
  public Path folder() {
    return folder;
  }

  public Path program() {
    return dist.resolve("bin/bric");
  }

  String buildId() throws IOException {
    return Files.readString(dist.resolve("build-id")).strip();
  }

  public Bric with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  public Bric without(String name) {
    environment.remove(name);
    return this;
  }

  /** Another client, of another installation, on the same BRIC_HOME. */
  Process startFrom(Path otherDist, String... arguments) throws IOException {
    return start(words(otherDist.resolve("bin/bric"), arguments));
  }

  public Process start(String... arguments) throws IOException {
    return start(words(program(), arguments));
  }

  public Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  public Outcome run(String... arguments) throws Exception {
    return outcome(start(arguments));
  }

  /** Runs a script with bash, in which {@code $BRIC} is the client. */
  public Outcome shell(String script) throws Exception {
    environment.put("BRIC", program().toString());
    return outcome(start(List.of("bash", "-c", script)));
  }

  public static Outcome outcome(Process process) throws Exception {
    process.getOutputStream().close();
    CompletableFuture<String> out = text(process.getInputStream());
    CompletableFuture<String> err = text(process.getErrorStream());
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 90 s; stderr: " + err.get());
    }
    return new Outcome(process.exitValue(), out.get(), err.get());
  }

  private static CompletableFuture<String> text(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        command -> Thread.ofPlatform().daemon().start(command)); // one that hangs holds no carrier
  }

  private static List<String> words(Path program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The daemon that daemon.pid names, when it lives. */
  public Optional<ProcessHandle> daemon() throws IOException {
    Path file = home.resolve("daemon.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
        .filter(ProcessHandle::isAlive);
  }

  public String log() throws IOException {
    return Files.readString(home.resolve("daemon.log"));
  }

  public static void awaitExit(ProcessHandle process) throws Exception {
    process.onExit().get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    daemon().ifPresent(ProcessHandle::destroyForcibly);
    delete(folder);
  }

  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Copies an installation, times and modes kept, so that a test can change it. */
  public static Path copyDist(Path target) throws Exception {
    Process copy = new ProcessBuilder("cp", "-a", dist().toString(), target.toString()).start();
    Outcome outcome = outcome(copy);
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.stderr());
    }
    return target;
  }
}
