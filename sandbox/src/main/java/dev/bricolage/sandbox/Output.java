package dev.bricolage.sandbox;

import java.util.Arrays;

/** A piece of what an inner run wrote to stdout or stderr; compared by content. */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, and compared by content
public record Output(boolean toStderr, byte[] bytes) {
  public Output {
    bytes = bytes.clone();
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Output that
        && toStderr == that.toStderr
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + Boolean.hashCode(toStderr);
  }

  @Override
  public String toString() {
    return (toStderr ? "stderr " : "stdout ") + bytes.length + " bytes";
  }
}
