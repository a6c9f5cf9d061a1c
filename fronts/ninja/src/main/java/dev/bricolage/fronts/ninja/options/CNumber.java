package dev.bricolage.fronts.ninja.options;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as C's library reads them: from the word's beginning, as far as they go. */
public final class CNumber {
  private static final String SPACE = "[ \\t\\n\\x0B\\f\\r]*";
  private static final Pattern INTEGER = Pattern.compile(SPACE + "([+-]?[0-9]+)");
  private static final Pattern REAL =
      Pattern.compile(
          SPACE + "([+-]?)(inf(?:inity)?|nan|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[+-]?[0-9]+)?)",
          Pattern.CASE_INSENSITIVE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);

  private CNumber() {}

  /**
   * A word that is a number and nothing else, as strtol reads it into an int: an empty word is 0.
   */
  public static OptionalInt whole(String word) {
    Matcher matcher = INTEGER.matcher(word);
    if (word.isEmpty()) {
      return OptionalInt.of(0);
    }
    return matcher.matches() ? OptionalInt.of(value(matcher)) : OptionalInt.empty();
  }

  /** The number a word begins with, or 0, as atoi reads it. */
  public static int start(String word) {
    Matcher matcher = INTEGER.matcher(word);
    return matcher.lookingAt() ? value(matcher) : 0;
  }

  /** The decimal number a word begins with, as strtod reads it. */
  public static OptionalDouble real(String word) {
    Matcher matcher = REAL.matcher(word);
    if (!matcher.lookingAt()) {
      return OptionalDouble.empty();
    }
    String digits = matcher.group(2).toLowerCase(Locale.ROOT);
    double value =
        switch (digits.charAt(0)) {
          case 'i' -> Double.POSITIVE_INFINITY;
          case 'n' -> Double.NaN;
          default -> Double.parseDouble(digits);
        };
    return OptionalDouble.of(matcher.group(1).equals("-") ? -value : value);
  }

  private static int value(Matcher matcher) {
    return new BigInteger(matcher.group(1)).min(MOST).max(LEAST).intValue();
  }
}
