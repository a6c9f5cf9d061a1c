package dev.bricolage.fuzz;

import dev.bricolage.action.Command;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A command run on a copy of its inputs with no sandbox around it: the second oracle, which tells
 * whether the sandbox itself changes what a command gives. Only for commands that do not depend on
 * where they run.
 */
final class PlainRun {
  /** Like the sandbox's, so that a command that asks for its folder's name is told the same. */
  private static final String NAME = "build";

  /** What takes this long hangs, even on a machine that is busy with other things. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private final Path folder;
  private final Blobs blobs;

  /**
   * A place for one run.
   *
   * @param folder not there yet
   * @param blobs the inputs' and the outcome's contents
   */
  PlainRun(Path folder, Blobs blobs) {
    this.folder = folder;
    this.blobs = blobs;
  }

  /** Runs it; a line for each thing that is other than the sandbox's outcome. */
  List<String> differences(Command command, Tree inputs, Outcome sandboxed)
      throws IOException, InterruptedException {
    Path root = folder.resolve(NAME);
    Files.createDirectories(root);
    lay(inputs, root);
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Path where = Path.of(root + command.directory().substring("/build".length()));
    Process process = start(command.arguments(), command.environment(), where, out, err);
    int status = status(process, command.arguments());
    Answer plain = new Answer(status, "", text(out), text(err), "", Checkout.of(root));
    return expected(inputs, sandboxed).differences(plain).stream()
        .map(line -> "in the sandbox " + line)
        .toList();
  }

  /** What a command gives in a plain copy of these files. */
  static Answer of(
      Checkout files, List<String> command, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException {
    Path root = Files.createDirectory(folder.resolve(NAME));
    files.restore(root);
    List<Path> made = new ArrayList<>(List.of(root));
    files.entries().keySet().forEach(path -> made.add(root.resolve(path)));
    makeOld(made);
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Process process = start(command, environment, root, out, err);
    int status = status(process, command);
    return new Answer(status, "", text(out), text(err), "", Checkout.of(root));
  }

  private static int status(Process process, List<String> command)
      throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("a plain run takes longer than " + LIMIT + ": " + command);
    }
    return process.exitValue();
  }

  private static Process start(
      List<String> command, Map<String, String> environment, Path folder, Path out, Path err)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", "umask 022; exec \"$@\"", "sh"));
    words.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private void lay(Tree inputs, Path root) throws IOException {
    List<Path> made = new ArrayList<>(List.of(root));
    for (Map.Entry<TreePath, Entry> entry : inputs.entries().entrySet()) {
      Path path = root.resolve(entry.getKey().value());
      switch (entry.getValue()) {
        case Entry.Folder folder -> Files.createDirectory(path);
        case Entry.Link link -> Files.createSymbolicLink(path, Path.of(link.target()));
        case Entry.File file -> {
          Files.write(path, bytes(file));
          Files.setPosixFilePermissions(
              path, PosixFilePermissions.fromString(file.executable() ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
      made.add(path);
    }
    makeOld(made);
  }

  /** Sources are as old as in the sandbox. */
  private static void makeOld(List<Path> made) throws IOException {
    FileTime old = FileTime.from(1, TimeUnit.SECONDS);
    for (Path path : made.reversed()) {
      Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(old, old, null);
    }
  }

  private byte[] bytes(Entry.File file) throws IOException {
    return blobs.read(file.digest()).orElseThrow();
  }

  /** What the sandbox gave, as if it had happened in one folder. */
  private Answer expected(Tree inputs, Outcome sandboxed) throws IOException {
    SortedMap<String, Checkout.Node> files = new TreeMap<>();
    for (Map.Entry<TreePath, Entry> entry : inputs.entries().entrySet()) {
      files.put(entry.getKey().value(), node(entry.getValue()));
    }
    sandboxed.deleted().forEach(path -> files.remove(path.value()));
    for (Map.Entry<TreePath, Entry> entry : sandboxed.changes().entrySet()) {
      files.put(entry.getKey().value(), node(entry.getValue()));
    }
    return new Answer(
        sandboxed.exitCode(),
        "",
        new String(blobs.read(sandboxed.stdout()).orElseThrow(), StandardCharsets.UTF_8),
        new String(blobs.read(sandboxed.stderr()).orElseThrow(), StandardCharsets.UTF_8),
        "",
        new Checkout(files));
  }

  private Checkout.Node node(Entry entry) throws IOException {
    return switch (entry) {
      case Entry.Folder folder -> new Checkout.Node.Folder();
      case Entry.Link link -> new Checkout.Node.Link(link.target());
      case Entry.File file -> Checkout.Node.File.of(bytes(file), file.executable());
    };
  }
}
