package dev.bricolage.fronts.ninja.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a build folder has its logs. They are written whole beside their place, and renamed.
 *
 * @param folder what the manifest's {@code builddir} names
 */
public record LogPlaces(Path folder) {
  /** The file of {@link BuildLog}. */
  public Path buildLog() {
    return folder.resolve(".ninja_log");
  }

  /** The file of {@link DepsLog}. */
  public Path depsLog() {
    return folder.resolve(".ninja_deps");
  }

  /** The build log, empty if there is none. */
  public BuildLog readBuildLog() throws IOException {
    return content(buildLog()).map(BuildLog::read).orElseGet(BuildLog::new);
  }

  /** The deps log, empty if there is none. */
  public DepsLog readDepsLog() throws IOException {
    return content(depsLog()).map(DepsLog::read).orElseGet(DepsLog::new);
  }

  /** Writes the build log, with the outputs that are still {@code live}. */
  public void write(BuildLog log, Predicate<String> live) throws IOException {
    replace(buildLog(), log.toBytes(live));
  }

  /** Writes the deps log, with the outputs that are still {@code live}. */
  public void write(DepsLog log, Predicate<String> live) throws IOException {
    replace(depsLog(), log.toBytes(live));
  }

  private static Optional<byte[]> content(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".bric");
    try {
      Files.write(whole, content);
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(whole);
      throw e;
    }
  }
}
