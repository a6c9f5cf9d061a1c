package dev.bricolage.acceptance;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Bric as one person has it: an installation, a BRIC_HOME, and folders for checkouts. */
final class Installation implements AutoCloseable {
  private final User user;
  private final Bric bric;
  private final List<Path> toDelete = new ArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private List<String> machine = List.of();

  private Installation(User user, Bric bric) throws IOException {
    this.user = user;
    this.bric = bric;
    user.own(bric.folder());
  }

  static Installation ofCaller() throws IOException {
    return new Installation(User.CALLER, Bric.installed());
  }

  /** A stranger may not read the build's folders, so gets a copy of the installation. */
  static Installation of(User user) throws Exception {
    if (user == User.CALLER) {
      return ofCaller();
    }
    Path folder = Files.createTempDirectory("bric-dist");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path dist = Bric.copyDist(folder.resolve("dist"));
    Installation installation = new Installation(user, Bric.of(dist));
    installation.toDelete.add(folder);
    return installation;
  }

  /** A user's on a machine of its own, as far as the network tells. */
  static Installation on(String namespace, User user) throws Exception {
    Installation installation = of(user);
    installation.machine = List.of("ip", "netns", "exec", namespace);
    return installation;
  }

  Bric bric() {
    return bric;
  }

  User user() {
    return user;
  }

  Path home() {
    return bric.home();
  }

  /** A new folder for this user, beside BRIC_HOME. */
  Path folder(String name) throws IOException {
    return user.own(Files.createDirectory(bric.folder().resolve(name)));
  }

  /** A new checkout with nothing in it; what it runs is like nothing another one runs. */
  Checkout checkout() throws IOException {
    String name = "checkout-" + names.incrementAndGet();
    return new Checkout(this, folder(name), name);
  }

  /** A name nobody else uses. */
  String unique(String prefix) {
    return prefix + "-" + names.incrementAndGet();
  }

  /** Starts {@code bric} in a folder. */
  Process start(Path folder, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(machine);
    command.addAll(user.become());
    command.addAll(
        List.of("env", "--default-signal=HUP", "-C", folder.toString(), bric.program().toString()));
    command.addAll(words);
    return bric.start(command);
  }

  /** Runs {@code bric} in a folder. */
  Bric.Outcome run(Path folder, String... words) throws Exception {
    return Bric.outcome(start(folder, List.of(words)));
  }

  /** Runs {@code bric} anywhere. */
  Bric.Outcome run(String... words) throws Exception {
    return run(bric.folder(), words);
  }

  /** The history's runs, newest first. */
  List<JsonObject> log() throws Exception {
    return run("log", "-n", "10000", "--json")
        .stdout()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject().getAsJsonObject("run"))
        .toList();
  }

  /** How many runs of these checkouts were answered so: {@code ran} or {@code remembered}. */
  long count(String answer, List<Checkout> checkouts) throws Exception {
    List<String> roots = checkouts.stream().map(checkout -> checkout.root().toString()).toList();
    return log().stream()
        .filter(run -> roots.contains(run.get("workspace").getAsString()))
        .filter(run -> run.get("answer").getAsString().equals(answer))
        .count();
  }

  /** What {@code bric store cat} prints. */
  String cat(String digest) throws Exception {
    Bric.Outcome outcome = run("store", "cat", digest);
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.toString());
    }
    return outcome.stdout();
  }

  /** Ends the daemon as a crash would, and waits until it has no program any more. */
  void kill() throws Exception {
    Host.kill(bric.daemon().orElseThrow());
  }

  void shutdown() throws Exception {
    Bric.Outcome outcome = run("shutdown", "--wait");
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.toString());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      shutdown();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      bric.close();
      for (Path folder : toDelete) {
        Bric.delete(folder);
      }
    }
  }
}
