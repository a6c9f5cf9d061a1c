package dev.bricolage.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command must print.
 *
 * <p>Lines are compared whole, less trailing blanks, and a run of blanks equals any other, for the
 * sake of tables. Some things are compared loosely, because they differ from run to run: a time
 * ({@code 12 ms}, {@code 1.4 s}, {@code 2 min 3 s}) equals any time and a date any date; {@code ,
 * saved TIME} may be there or not, since it is not there when nothing was saved; and placeholders
 * in angle brackets stand for what {@link #PLACEHOLDERS} says. A line that is only {@code ...}
 * stands for any lines, none included.
 */
final class Expectation {
  /** What each placeholder stands for. */
  static final Map<String, String> PLACEHOLDERS =
      new TreeMap<>(
          Map.of(
              "<n>", "[0-9]+",
              "<digest>", "[0-9a-f]{64}/[0-9]+",
              "<hash>", "[0-9a-f]{12,64}",
              "<size>", "[0-9]+(?:[.][0-9]+)? ?(?:B|bytes|[KMGT]i?B?)",
              "<text>", ".*"));

  private static final String ANY_LINES = "...";
  private static final String TIME = "<time>";
  private static final String DATE = "<date>";
  private static final Pattern SAVED =
      Pattern.compile(", saved (?:\\d+ min \\d+ s|\\d+\\.\\d s|\\d+ ms)");
  private static final Pattern MEASURED =
      Pattern.compile("\\b\\d+ min \\d+ s\\b|\\b\\d+(?:\\.\\d+)? s\\b|\\b\\d+ ms\\b");
  private static final Pattern DATED =
      Pattern.compile("\\b\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?Z)?");
  private static final Pattern BLANKS = Pattern.compile(" {2,}");
  private static final Pattern SPECIAL =
      Pattern.compile(String.join("|", PLACEHOLDERS.keySet()) + "|" + TIME + "|" + DATE);

  private final List<String> expected;

  Expectation(List<String> expected) {
    this.expected = expected;
  }

  /** Whether these lines are as they must be. */
  boolean holds(List<String> actual) {
    return from(0, actual, 0);
  }

  private boolean from(int line, List<String> actual, int at) {
    for (int i = line; i < expected.size(); i++, at++) {
      if (expected.get(i).equals(ANY_LINES)) {
        for (int next = at; next <= actual.size(); next++) {
          if (from(i + 1, actual, next)) {
            return true;
          }
        }
        return false;
      }
      if (at == actual.size() || !matches(expected.get(i), actual.get(at))) {
        return false;
      }
    }
    return at == actual.size();
  }

  /** Whether one line is as it must be. */
  static boolean matches(String expected, String actual) {
    return pattern(expected).matcher(normal(actual)).matches();
  }

  private static Pattern pattern(String expected) {
    StringBuilder regex = new StringBuilder();
    String text = normal(expected);
    Matcher special = SPECIAL.matcher(text);
    int end = 0;
    while (special.find()) {
      String place = special.group();
      regex.append(Pattern.quote(text.substring(end, special.start())));
      regex.append(PLACEHOLDERS.getOrDefault(place, Pattern.quote(place)));
      end = special.end();
    }
    return Pattern.compile(regex.append(Pattern.quote(text.substring(end))).toString());
  }

  private static String normal(String line) {
    String unsaved = SAVED.matcher(line.stripTrailing()).replaceAll("");
    String timeless = MEASURED.matcher(unsaved).replaceAll(TIME);
    return BLANKS.matcher(DATED.matcher(timeless).replaceAll(DATE)).replaceAll(" ");
  }

  /**
   * The lines beside each other: those that are the same plain, the others with {@code -}
   * (expected) and {@code +} (actual) before them.
   */
  List<String> difference(List<String> actual) {
    int from = 0;
    int most = Math.min(expected.size(), actual.size());
    while (from < most && same(expected.get(from), actual.get(from))) {
      from++;
    }
    int tail = 0;
    while (tail < most - from
        && same(expected.get(expected.size() - 1 - tail), actual.get(actual.size() - 1 - tail))) {
      tail++;
    }
    List<String> shown = new ArrayList<>();
    actual.subList(0, from).forEach(line -> shown.add("  " + line));
    expected.subList(from, expected.size() - tail).forEach(line -> shown.add("- " + line));
    actual.subList(from, actual.size() - tail).forEach(line -> shown.add("+ " + line));
    actual.subList(actual.size() - tail, actual.size()).forEach(line -> shown.add("  " + line));
    return shown;
  }

  private static boolean same(String expected, String actual) {
    return !expected.equals(ANY_LINES) && matches(expected, actual);
  }
}
