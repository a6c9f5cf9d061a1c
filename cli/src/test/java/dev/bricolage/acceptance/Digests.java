package dev.bricolage.acceptance;

import dev.bricolage.action.Digest;
import java.nio.charset.StandardCharsets;

/** Digests as they appear in messages. */
final class Digests {
  private Digests() {}

  /** HASH/SIZE, as {@code bric store cat} takes it. */
  static String of(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** As {@code bric why} shortens it. */
  static String brief(String text) {
    return of(text).substring(0, 12)
        + " ("
        + text.getBytes(StandardCharsets.UTF_8).length
        + " bytes)";
  }
}
