package dev.bricolage.remote.events.bep;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes on their way to a text: a letter of several bytes may come in pieces. */
final class ConsoleText {
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  void add(byte[] bytes, int from, int length) {
    waiting.write(bytes, from, length);
  }

  int size() {
    return waiting.size();
  }

  /** All but the beginning of a letter at the end; what is no UTF-8 becomes U+FFFD. */
  String takeWhole() {
    byte[] bytes = waiting.toByteArray();
    int whole = bytes.length - begun(bytes);
    waiting.reset();
    waiting.write(bytes, whole, bytes.length - whole);
    return new String(bytes, 0, whole, StandardCharsets.UTF_8);
  }

  String takeAll() {
    String all = waiting.toString(StandardCharsets.UTF_8);
    waiting.reset();
    return all;
  }

  /** How many bytes at the end are the beginning of a letter that needs more. */
  private static int begun(byte[] bytes) {
    for (int back = 1; back <= Math.min(3, bytes.length); back++) {
      int lead = bytes[bytes.length - back] & 0xff;
      if (lead >= 0xc0) {
        int needs = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        return needs > back ? back : 0;
      }
      if (lead < 0x80) {
        return 0;
      }
    }
    return 0;
  }
}
