package dev.bricolage.cli;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes as people write them: {@code 500M}, {@code 20G}, {@code 20GiB}; powers of 1,024. */
final class ByteSize {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})(?:([KMGT])(?:I?B)?|B)?");
  private static final String UNITS = "KMGT";

  private ByteSize() {}

  /** Bytes; empty when the text is not a size. */
  static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    String unit = matcher.group(2);
    int power = unit == null ? 0 : UNITS.indexOf(unit) + 1;
    return OptionalLong.of(Long.parseLong(matcher.group(1)) << (10 * power));
  }
}
