package dev.bricolage.cli;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes the signatures out of the jars of an installation, as a step of the build that makes it.
 *
 * <p>The JVM keeps no class of a signed jar in its AOT cache and checks the signature again at
 * every start: 0.15 s for JGit's. What Maven downloaded was checked by its digest; after that the
 * whole installation is covered by its build-id.
 */
final class Unsigned {
  private Unsigned() {}

  /** Every argument is a jar, changed in place. */
  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      unsign(Path.of(jar));
    }
  }

  private static void unsign(Path jar) throws IOException {
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      for (Path signature : signatures(content.getPath("/META-INF"))) {
        Files.delete(signature);
      }
    }
  }

  private static List<Path> signatures(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().matches(".*\\.(SF|RSA|DSA|EC)")).toList();
    }
  }
}
