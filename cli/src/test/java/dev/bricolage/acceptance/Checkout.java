package dev.bricolage.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;
import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder somebody works in.
 *
 * @param root the folder
 * @param scope a variable that every command here gets: checkouts of one scope share memories
 */
record Checkout(Installation installation, Path root, String scope) {
  Checkout write(String path, String text) throws IOException {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      folder(path.substring(0, slash));
    }
    installation.user().own(Files.writeString(root.resolve(path), text));
    return this;
  }

  Checkout folder(String path) throws IOException {
    Path folder = root.resolve(path);
    if (!Files.isDirectory(folder)) {
      installation.user().own(Files.createDirectory(folder));
    }
    return this;
  }

  Checkout link(String path, String target) throws IOException {
    Path link = root.resolve(path);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(target));
    installation.user().own(link);
    return this;
  }

  Checkout mode(String path, String permissions) throws IOException {
    Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(permissions));
    return this;
  }

  Checkout delete(String path) throws IOException {
    Bric.delete(root.resolve(path));
    return this;
  }

  /** Makes it a git worktree that tracks these paths. */
  Checkout git(String... tracked) throws Exception {
    git(List.of("init", "-q"));
    git(Stream.concat(Stream.of("add", "-f", "--"), Stream.of(tracked)).toList());
    return this;
  }

  private void git(List<String> words) throws Exception {
    List<String> command = new ArrayList<>(installation.user().become());
    command.add("git");
    command.addAll(words);
    Host.succeeds(root, command.toArray(String[]::new));
  }

  String read(String path) throws IOException {
    return Files.readString(root.resolve(path));
  }

  boolean has(String path) {
    return Files.exists(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** Every file and link below, without {@code .git}: its mode, and its bytes or its target. */
  Map<String, String> everything() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = root.relativize(path).toString();
        if (name.isEmpty() || name.equals(".git") || name.startsWith(".git/")) {
          continue;
        }
        found.put(name, description(path));
      }
    }
    return found;
  }

  private static String description(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        ? mode
            + " "
            + new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1)
        : mode;
  }

  /** The same files in another folder, with new times, and the same memories. */
  Checkout copy() throws Exception {
    Path other = installation.folder(installation.unique("copy"));
    Host.succeeds(root, "cp", "-r", "--preserve=mode,links", ".", other.toString());
    if (installation.user() == User.STRANGER) {
      try (Stream<Path> paths = Files.walk(other)) {
        for (Path path : (Iterable<Path>) paths::iterator) {
          installation.user().own(path);
        }
      }
    }
    return new Checkout(installation, other, scope);
  }

  /** Runs a shell script through bric. */
  Answer run(String script) throws Exception {
    return run(List.of(), script);
  }

  Answer run(List<String> options, String script) throws Exception {
    return started(options, "sh", "-c", script).answer();
  }

  Answer command(String... command) throws Exception {
    return started(List.of(), command).answer();
  }

  Going start(String script) throws Exception {
    return started(List.of(), "sh", "-c", script);
  }

  Going started(List<String> options, String... command) throws Exception {
    Path json = installation.bric().folder().resolve(installation.unique("run") + ".json");
    List<String> words = new ArrayList<>(List.of("run", "-e", "SCOPE=" + scope));
    words.addAll(List.of("--json", json.toString()));
    words.addAll(options);
    words.add("--");
    words.addAll(List.of(command));
    return new Going(installation.start(root, words), json);
  }

  /** Starts {@code bric ninja} here. */
  Process startNinja(String... words) throws Exception {
    return installation.start(root, Stream.concat(Stream.of("ninja"), Stream.of(words)).toList());
  }

  /** Runs {@code bric ninja} here. */
  Bric.Outcome ninja(String... words) throws Exception {
    return Bric.outcome(startNinja(words));
  }

  /** Starts ninja itself here. */
  Process startPlainNinja(String... words) throws Exception {
    return installation
        .bric()
        .start(
            Stream.concat(Stream.of("env", "-C", root.toString(), "ninja"), Stream.of(words))
                .toList());
  }

  /** Runs ninja itself here. */
  Bric.Outcome plainNinja(String... words) throws Exception {
    return Bric.outcome(startPlainNinja(words));
  }

  /** Runs {@code bric why} here. */
  String why() throws Exception {
    return installation.run(root, "why").stdout();
  }

  /** A {@code bric run} that goes on. */
  record Going(Process process, Path json) {
    /** Reads one line of the command's output. */
    String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; ) {
        line.append((char) c);
        c = process.getInputStream().read();
      }
      return line.toString();
    }

    void signal(String name) throws Exception {
      Host.succeeds(Path.of("/"), "kill", "-" + name, Long.toString(process.pid()));
    }

    Answer answer() throws Exception {
      Bric.Outcome outcome = Bric.outcome(process);
      if (!Files.exists(json)) {
        return new Answer(outcome, Optional.empty());
      }
      String text = Files.readString(json, UTF_8);
      return new Answer(outcome, Optional.of(JsonParser.parseString(text).getAsJsonObject()));
    }
  }
}
