package dev.bricolage.fronts.ninja.manifest;

/** The number a text begins with, as C's {@code atoi} reads it. */
final class LeadingNumber {
  private LeadingNumber() {}

  /** Blanks, a sign, digits; what follows does not count, and without digits it is 0. */
  static int of(String text) {
    int at = 0;
    while (at < text.length() && " \t\n\013\f\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean negative = at < text.length() && text.charAt(at) == '-';
    if (negative || (at < text.length() && text.charAt(at) == '+')) {
      at++;
    }
    long number = 0;
    for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
      number = Math.min(number * 10 + text.charAt(at) - '0', Long.MAX_VALUE / 100);
    }
    // glibc's atoi is strtol cut to 32 bits.
    return (int) (negative ? -number : number);
  }
}
