package dev.bricolage.toy.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The program in the example's folder {@code sample}: five definitions in two files. */
final class Sample {
  /** How many tasks it takes from nothing. */
  static final String COLD =
      "Check 5, Code 4, Constant 1, Homes 5, Items 2, Program 1, Scope 2, Signature 4, Slice 5,"
          + " Syntax 5, Tokens 2";

  private Sample() {}

  static Map<String, String> sources() {
    return Map.of("main.toy", read("main.toy"), "math.toy", read("math.toy"));
  }

  /** With another text in place of a part of {@code math.toy}. */
  static Map<String, String> sources(String part, String by) {
    return Map.of("main.toy", read("main.toy"), "math.toy", read("math.toy").replace(part, by));
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of("sample").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
