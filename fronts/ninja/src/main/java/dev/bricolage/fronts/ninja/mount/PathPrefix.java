package dev.bricolage.fronts.ninja.mount;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * Puts one folder in the place of another wherever a text names it, or something below it. A text
 * is no list of paths, so it is done only where there is no doubt: what stands before and behind
 * must end a path. What is left as it was is right as well, as long as both paths lead to the
 * folder.
 *
 * @param from absolute, without a slash at its end
 * @param to the same
 */
public record PathPrefix(String from, String to) {
  private static final String BLANKS = " \t\n\r";
  private static final String QUOTES = "\"'";

  /** What may stand before a path, besides nothing and an option. */
  private static final String BEFORE = BLANKS + QUOTES + "=:,;(<>|&`@[{";

  /** What may stand behind a folder's path, besides nothing, a slash and a quote. */
  private static final String BEHIND = BLANKS + "=:,;)<>|&`]}";

  /**
   * In a command for a shell, a response file, or a variable. Words are left alone that define a
   * macro ({@code -D}) or say where a program finds its libraries ({@code -rpath}): what they name
   * is written into what is made, and looked for where that is run.
   */
  public String inCommand(String command) {
    BakedWords baked = command.contains(from) ? BakedWords.of(command) : BakedWords.NONE;
    return replaced(command, baked::holds);
  }

  /** In what a command has said. */
  public byte[] inText(byte[] text) {
    // As Latin-1 every byte is a letter, whatever the encoding is.
    String letters = new String(text, StandardCharsets.ISO_8859_1);
    PathPrefix bytes = new PathPrefix(asBytes(from), asBytes(to));
    String replaced = bytes.replaced(letters, at -> false);
    return replaced.equals(letters) ? text : replaced.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String asBytes(String path) {
    return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private String replaced(String text, IntPredicate isLeftAlone) {
    StringBuilder replaced = new StringBuilder(text.length());
    int done = 0;
    for (int at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 1)) {
      int end = at + from.length();
      if (at >= done && begins(text, at) && ends(text, end) && !isLeftAlone.test(at)) {
        replaced.append(text, done, at).append(to);
        done = end;
      }
    }
    return done == 0 ? text : replaced.append(text, done, text.length()).toString();
  }

  private static boolean begins(String text, int at) {
    if (at == 0 || BEFORE.indexOf(text.charAt(at - 1)) >= 0) {
      return true;
    }
    int option = at; // -I, -isystem
    while (option > 0 && isOfOption(text.charAt(option - 1))) {
      option--;
    }
    return option < at
        && text.charAt(option) == '-'
        && (option == 0 || BEFORE.indexOf(text.charAt(option - 1)) >= 0);
  }

  private static boolean isOfOption(char c) {
    return c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
  }

  private static boolean ends(String text, int end) {
    if (end == text.length() || BEHIND.indexOf(text.charAt(end)) >= 0) {
      return true;
    }
    char next = text.charAt(end);
    if (next == '/') {
      return !climbsOut(text, end);
    }
    int quote = next == '\\' ? end + 1 : end;
    return quote < text.length()
        && QUOTES.indexOf(text.charAt(quote)) >= 0
        && (quote + 1 == text.length() || !isOfName(text.charAt(quote + 1)));
  }

  private static boolean isOfName(char c) {
    return c >= 0x80 || Character.isLetterOrDigit(c) || "-_.+~%#$\\".indexOf(c) >= 0;
  }

  /** Whether the path goes up to where the two folders are in different company. */
  private static boolean climbsOut(String text, int slash) {
    int depth = 0;
    int at = slash;
    while (at < text.length() && text.charAt(at) == '/') {
      int start = at + 1;
      at = start;
      while (at < text.length()
          && text.charAt(at) != '/'
          && BEHIND.indexOf(text.charAt(at)) < 0
          && QUOTES.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String name = text.substring(start, at);
      if (name.equals("..") && --depth < 0) {
        return true;
      }
      if (!name.isEmpty() && !name.equals(".") && !name.equals("..")) {
        depth++;
      }
    }
    return false;
  }
}
