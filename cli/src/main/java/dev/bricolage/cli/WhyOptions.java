package dev.bricolage.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code bric why}.
 *
 * @param directory where it was asked, absolute: without an id, its workspace's last run is meant
 * @param id of the run to explain
 * @param tool a part of the command line of tools that the run started: then those are explained
 * @param json whether to answer in JSON
 */
public record WhyOptions(Path directory, Optional<String> id, Optional<String> tool, boolean json) {
  /** The file that {@code tool} names if it is meant for one, absolute. */
  Optional<String> file() {
    try {
      return tool.map(word -> directory.resolve(word).normalize().toString());
    } catch (InvalidPathException none) {
      return Optional.empty();
    }
  }
}
