package dev.bricolage.remote.client.line;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Passwords by host, in the format of ftp(1) and curl: {@code machine NAME login WHO password
 * WHAT}, {@code default} for every other host, {@code macdef} up to the next empty line skipped,
 * {@code #} to the end of a line skipped, double quotes around a word with blanks, and a backslash
 * in them.
 */
public final class Netrc {
  private final List<Entry> entries;

  /**
   * One host's.
   *
   * @param host empty for {@code default}
   */
  private record Entry(Optional<String> host, String login, String password) {}

  /** Who to be. */
  public record Login(String name, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return name;
    }
  }

  private Netrc(List<Entry> entries) {
    this.entries = entries;
  }

  /** Reads a file's text; words it does not know are skipped. */
  public static Netrc parse(String text) {
    List<Entry> entries = new ArrayList<>();
    Iterator<String> words = words(text).iterator();
    Optional<String> host = Optional.empty();
    boolean begun = false;
    String login = "";
    String password = "";
    while (words.hasNext()) {
      String word = words.next();
      boolean machine = word.equals("machine");
      if (machine || word.equals("default")) {
        if (begun) {
          entries.add(new Entry(host, login, password));
        }
        host = machine ? Optional.of(following(words)) : Optional.empty();
        begun = true;
        login = "";
        password = "";
      } else if (word.equals("login")) {
        login = following(words);
      } else if (word.equals("password")) {
        password = following(words);
      } else if (word.equals("account")) {
        following(words);
      }
    }
    if (begun) {
      entries.add(new Entry(host, login, password));
    }
    return new Netrc(entries);
  }

  private static String following(Iterator<String> words) {
    return words.hasNext() ? words.next() : "";
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    boolean inMacro = false;
    for (String line : text.lines().toList()) {
      if (inMacro) {
        inMacro = !line.isBlank();
        continue;
      }
      List<String> ofLine = wordsOfLine(line);
      int macro = ofLine.indexOf("macdef");
      inMacro = macro >= 0;
      words.addAll(inMacro ? ofLine.subList(0, macro) : ofLine);
    }
    return words;
  }

  private static List<String> wordsOfLine(String line) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      char first = line.charAt(at);
      if (Character.isWhitespace(first)) {
        at++;
      } else if (first == '#') {
        break;
      } else {
        at = word(line, at, words);
      }
    }
    return words;
  }

  private static int word(String line, int from, List<String> words) {
    boolean quoted = line.charAt(from) == '"';
    StringBuilder word = new StringBuilder();
    int at = quoted ? from + 1 : from;
    while (at < line.length()) {
      char next = line.charAt(at++);
      if (quoted ? next == '"' : Character.isWhitespace(next)) {
        break;
      }
      boolean escape = quoted && next == '\\' && at < line.length();
      word.append(escape ? line.charAt(at++) : next);
    }
    words.add(word.toString());
    return at;
  }

  /** Who to be at this host: the first entry that names it, else the first default. */
  public Optional<Login> at(String host) {
    return entries.stream()
        .filter(entry -> entry.host().isPresent() && entry.host().get().equalsIgnoreCase(host))
        .findFirst()
        .or(() -> entries.stream().filter(entry -> entry.host().isEmpty()).findFirst())
        .map(entry -> new Login(entry.login(), entry.password()));
  }
}
