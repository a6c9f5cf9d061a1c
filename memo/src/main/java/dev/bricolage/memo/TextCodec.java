package dev.bricolage.memo;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts as UTF-8 and nothing else. */
final class TextCodec implements Codec<String> {
  static final TextCodec UTF_8 = new TextCodec();

  private TextCodec() {}

  @Override
  public byte[] encode(String value) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      byte[] exactly = new byte[bytes.remaining()];
      bytes.get(exactly);
      return exactly;
    } catch (CharacterCodingException e) {
      // Half a surrogate pair would become a question mark, and two texts one.
      throw new IllegalArgumentException("a text with half a surrogate pair, which UTF-8 lacks", e);
    }
  }

  @Override
  public String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no text in UTF-8", e);
    }
  }
}
