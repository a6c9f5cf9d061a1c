package dev.bricolage.execute;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files a tool may read and then write over, as far as its words tell: those they name, as
 * {@code ar r lib.a} does, and those that compilers derive from them, as {@code cc -c a.c} does
 * {@code a.o}. One too many costs a look; one too few, and the run is not remembered.
 *
 * @param argv its words
 * @param cwd its folder
 */
record InnerOverwritten(List<String> argv, String cwd) {
  /** Options that have the name of a file in the same word. */
  private static final List<String> ATTACHED = List.of("-o", "-MF", "--output=");

  /** What compilers make of a source, in their folder or beside the output. */
  private static final List<String> DERIVED = List.of(".o", ".d", ".s", ".i");

  /** Linux's limits, in bytes. */
  private static final int LONGEST_PATH = 4095;

  private static final int LONGEST_NAME = 255;

  /** Absolute paths. */
  Set<String> paths() {
    Set<String> paths = new LinkedHashSet<>();
    paths.add(absolute("a.out"));
    for (String word : argv) {
      String name = attached(word);
      if (name.isEmpty() || name.startsWith("-") || name.indexOf('\0') >= 0) {
        continue;
      }
      paths.add(absolute(name));
      derive(name, paths);
      int equals = word.lastIndexOf('=');
      if (equals > 0) {
        paths.add(absolute(word.substring(equals + 1))); // rustc -L dependency=target/deps
      }
    }
    paths.removeIf(path -> !isPossible(path));
    return paths;
  }

  /** Words may be longer than any path or name can be. */
  private static boolean isPossible(String path) {
    if (path.length() > LONGEST_PATH) {
      return false;
    }
    return Stream.of(path.split("/", -1))
        .allMatch(name -> name.getBytes(UTF_8).length <= LONGEST_NAME);
  }

  private static String attached(String word) {
    return ATTACHED.stream()
        .filter(word::startsWith)
        .findFirst()
        .map(option -> word.substring(option.length()))
        .orElse(word);
  }

  private void derive(String name, Set<String> paths) {
    int dot = name.lastIndexOf('.');
    int slash = name.lastIndexOf('/');
    if (dot <= slash + 1) {
      return;
    }
    String stem = name.substring(0, dot);
    for (String extension : DERIVED) {
      paths.add(absolute(stem.substring(slash + 1) + extension));
      paths.add(absolute(stem + extension));
    }
  }

  private String absolute(String name) {
    Path path = Path.of(name.startsWith("/") ? name : cwd + "/" + name);
    return path.normalize().toString();
  }
}
