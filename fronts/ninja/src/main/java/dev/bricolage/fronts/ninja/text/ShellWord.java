package dev.bricolage.fronts.ninja.text;

/** A path as one word of a shell's command line, quoted where ninja quotes it. */
final class ShellWord {
  private ShellWord() {}

  /**
   * Writes {@code source[from, to)}: as it is when every byte is known to be harmless, otherwise in
   * single quotes, each quote inside becoming {@code '\''}.
   */
  static void quote(byte[] source, int from, int to, Bytes out) {
    if (isHarmless(source, from, to)) {
      out.add(source, from, to);
      return;
    }
    out.add('\'');
    for (int i = from; i < to; i++) {
      if (source[i] == '\'') {
        out.add('\'');
        out.add('\\');
        out.add('\'');
      }
      out.add(source[i]);
    }
    out.add('\'');
  }

  private static boolean isHarmless(byte[] source, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = source[i];
      boolean letterOrDigit =
          (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
      if (!letterOrDigit && "_+-./".indexOf(b) < 0) {
        return false;
      }
    }
    return true;
  }
}
