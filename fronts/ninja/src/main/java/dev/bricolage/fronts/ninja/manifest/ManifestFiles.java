package dev.bricolage.fronts.ninja.manifest;

import java.io.IOException;
import java.util.Optional;

/** Where a manifest's files come from. Whoever gives them knows which were asked for. */
@FunctionalInterface
public interface ManifestFiles {
  /**
   * The content of a file, empty if there is none.
   *
   * @param path as the manifest spells it
   * @throws IOException if it cannot be read; its message is the reason in the words of {@code
   *     strerror}, such as {@code Is a directory}
   */
  Optional<byte[]> read(String path) throws IOException;
}
