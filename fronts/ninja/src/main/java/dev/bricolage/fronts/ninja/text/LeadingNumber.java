package dev.bricolage.fronts.ninja.text;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The number a text begins with, as C's {@code atoi} and {@code strtoull} read it. */
public final class LeadingNumber {
  private LeadingNumber() {}

  /** Blanks, a sign, digits; what follows does not count, and without digits it is 0. */
  public static int of(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    // glibc's atoi is strtol cut to 32 bits.
    return (int) of(bytes, 0, bytes.length, 10);
  }

  /** The same of {@code text[from, to)}, in base 10 or 16, cut to 64 bits. */
  public static long of(byte[] text, int from, int to, int base) {
    int at = from;
    while (at < to && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r'))) {
      at++;
    }
    boolean negative = at < to && text[at] == '-';
    if (negative || (at < to && text[at] == '+')) {
      at++;
    }
    long number = 0;
    for (; at < to; at++) {
      int digit = Character.digit(text[at], base);
      if (digit < 0) {
        break;
      }
      number = number * base + digit;
    }
    return negative ? -number : number;
  }
}
