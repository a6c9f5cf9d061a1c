package dev.bricolage.fronts.ninja.mount;

import java.util.BitSet;

/**
 * The words of a command whose text is written into what it makes: macros, and the paths that
 * programs find their libraries by. Quotes are understood as far as a shell's words need it.
 *
 * @param letters those of such words
 */
record BakedWords(BitSet letters) {
  static final BakedWords NONE = new BakedWords(new BitSet());

  private static final String BETWEEN = " \t\n\r;|&()<>";
  private static final String RUN_PATH = "rpath";

  /** Whether a letter is of such a word. */
  boolean holds(int at) {
    return letters.get(at);
  }

  static BakedWords of(String command) {
    BitSet letters = new BitSet();
    boolean next = false;
    for (int at = 0; at < command.length(); ) {
      if (BETWEEN.indexOf(command.charAt(at)) >= 0) {
        at++;
        continue;
      }
      int end = end(command, at);
      String word = command.substring(at, end);
      String bare = word.replaceFirst("^[\"']+", "");
      if (next || bare.startsWith("-D") || word.contains(RUN_PATH)) {
        letters.set(at, end);
      }
      next = bare.equals("-D") || word.endsWith(RUN_PATH);
      at = end;
    }
    return new BakedWords(letters);
  }

  private static int end(String command, int start) {
    char quote = 0;
    int at = start;
    while (at < command.length() && (quote != 0 || BETWEEN.indexOf(command.charAt(at)) < 0)) {
      char c = command.charAt(at);
      if (c == '\\' && quote != '\'') {
        at++;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      at++;
    }
    return Math.min(at, command.length());
  }
}
