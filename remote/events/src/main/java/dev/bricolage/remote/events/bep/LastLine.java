package dev.bricolage.remote.events.bep;

import java.nio.charset.StandardCharsets;

/** The last line of what was printed that says something. */
final class LastLine {
  private static final int LONGEST = 1 << 10;

  private String tail = "";

  void add(byte[] text) {
    int from = Math.max(0, text.length - LONGEST);
    String all = tail + new String(text, from, text.length - from, StandardCharsets.UTF_8);
    tail = all.substring(Math.max(0, all.length() - LONGEST));
  }

  String line() {
    return tail.lines().map(String::strip).filter(line -> !line.isEmpty()).reduce("", (a, b) -> b);
  }
}
