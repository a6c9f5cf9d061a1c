package dev.bricolage.toy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/**
 * What is asked for on the command line.
 *
 * @param folder where the sources are
 * @param store what outlasts the process; without it nothing does
 * @param trace where to write what happened, for Perfetto or chrome://tracing
 */
record Order(Path folder, Optional<Path> store, Optional<Path> trace) {
  static final String USAGE = "usage: toy FOLDER [--store FOLDER] [--trace FILE]";

  /**
   * Reads the words.
   *
   * @throws IllegalArgumentException when they make no sense, with a message for people
   */
  static Order of(String... words) {
    Optional<Path> folder = Optional.empty();
    Optional<Path> store = Optional.empty();
    Optional<Path> trace = Optional.empty();
    Iterator<String> rest = Arrays.asList(words).iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "--store" -> store = Optional.of(value(word, rest));
        case "--trace" -> trace = Optional.of(value(word, rest));
        default -> {
          if (word.startsWith("-") || folder.isPresent()) {
            throw new IllegalArgumentException("what is " + word + "? " + USAGE);
          }
          folder = Optional.of(Path.of(word));
        }
      }
    }
    return new Order(
        folder.orElseThrow(() -> new IllegalArgumentException("which folder? " + USAGE)),
        store,
        trace);
  }

  private static Path value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " must be followed by a path. " + USAGE);
    }
    return Path.of(rest.next());
  }
}
