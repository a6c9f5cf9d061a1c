package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a subtool works.
 *
 * @param folder ninja's
 * @param dryRun whether it only tells what it would do
 * @param verbose whether it tells of each file
 * @param out takes what it prints
 * @param err takes what it complains of
 */
public record Bench(
    Path folder, boolean dryRun, boolean verbose, Consumer<String> out, Consumer<String> err) {

  void print(String text) {
    out.accept(text);
  }

  void line(String text) {
    out.accept(text + "\n");
  }

  /** Complains, and goes on. */
  void error(String text) {
    err.accept("ninja: error: " + text + "\n");
  }

  void warning(String text) {
    err.accept("ninja: warning: " + text + "\n");
  }

  Path file(String path) {
    return folder.resolve(path);
  }

  /** A file's mtime in ns since 1970, 0 if it is not there. */
  long mtime(String path) throws IOException {
    Stat stat = Stat.following(file(path));
    return stat.exists() ? stat.mtime() : 0;
  }

  Optional<byte[]> content(Path file) throws IOException {
    return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }
}
