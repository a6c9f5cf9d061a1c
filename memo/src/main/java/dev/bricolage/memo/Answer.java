package dev.bricolage.memo;

import dev.bricolage.action.Digest;
import java.util.Optional;

/**
 * How a value or failure stands in a trace, whether as an answer or as what the run gave: a short
 * value as itself, so that a walk can be read, a longer one by the digest of its bytes. The first
 * character says which: {@code =int f}, {@code #HASH/SIZE}, {@code !IOException: no such file}.
 * Different values have different texts, and equal ones the same. (A {@link ViewKey}'s answers are
 * the view's own.)
 */
public final class Answer {
  /** A longer value is not shorter than a digest, and not easier to read. */
  private static final int SHORT = 64;

  private static final String VALUE = "=";
  private static final String DIGEST = "#";
  private static final String FAILURE = "!";

  private Answer() {}

  /** What stands for this value. */
  public static <V> String of(Codec<V> codec, V value) {
    byte[] bytes = codec.encode(value);
    return inline(bytes).orElseGet(() -> ofDigest(Digest.of(bytes)));
  }

  /** What stands for a failure: all that people are told of it. */
  public static String ofFailure(Throwable cause) {
    return FAILURE + cause;
  }

  /** What stands for a value with these bytes, which are kept elsewhere. */
  public static String ofDigest(Digest digest) {
    return DIGEST + digest;
  }

  /**
   * What stands for a value with these bytes and holds them: empty when they are more than 64, or
   * not a line of UTF-8 that shows all that is in it.
   */
  public static Optional<String> inline(byte[] bytes) {
    return inline(bytes, SHORT);
  }

  /** As {@link #inline(byte[])}, for bytes that may be as many as {@code most}. */
  public static Optional<String> inline(byte[] bytes, int most) {
    if (bytes.length > most) {
      return Optional.empty();
    }
    try {
      String text = TextCodec.UTF_8.decode(bytes);
      return text.codePoints().allMatch(WordWriter::isPrintable)
          ? Optional.of(VALUE + text)
          : Optional.empty();
    } catch (IllegalArgumentException notText) {
      return Optional.empty();
    }
  }

  /** What a failure said, if this is one. */
  public static Optional<String> failure(String answer) {
    return after(FAILURE, answer);
  }

  /**
   * The digest of a value's bytes, if this is one.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  public static Optional<Digest> digest(String answer) {
    return after(DIGEST, answer).map(Digest::parse);
  }

  /** A value's bytes, if this holds them. */
  public static Optional<byte[]> bytes(String answer) {
    return after(VALUE, answer).map(TextCodec.UTF_8::encode);
  }

  private static Optional<String> after(String sign, String answer) {
    return answer.startsWith(sign)
        ? Optional.of(answer.substring(sign.length()))
        : Optional.empty();
  }
}
