package dev.bricolage.cli;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * What travels between client and daemon: u8 type, u32 length (little-endian), payload. The types
 * and their payloads are in {@code docs/formats/client.md}.
 *
 * @param type one of the constants below; others are skipped by who reads them
 * @param payload positioned at its start, little-endian
 */
record Frame(int type, ByteBuffer payload) {
  static final int HELLO = 1;
  static final int REQUEST = 2;
  static final int SIGNAL = 3;
  static final int WINDOW = 4;
  static final int DRAIN = 5;
  static final int ACTED = 6;
  static final int STDOUT = 16;
  static final int STDERR = 17;
  static final int EXIT = 18;
  static final int DRAINED = 19;
  static final int ACT = 20;

  /** Bytes before the payload. */
  static final int HEADER = 5;

  /** The most a client may send: arguments and environment, which Linux bounds at 6 MiB. */
  static final int LIMIT = 16 << 20;

  /**
   * The next frame, or empty when the other side has closed the connection between two frames.
   *
   * @throws IOException when the connection breaks, or the frame is longer than {@link #LIMIT}
   */
  static Optional<Frame> read(ReadableByteChannel channel) throws IOException {
    ByteBuffer header = buffer(HEADER);
    if (!fill(channel, header)) {
      return Optional.empty();
    }
    int type = Byte.toUnsignedInt(header.get());
    int length = header.getInt();
    if (length < 0 || length > LIMIT) {
      throw new IOException("frame of type " + type + " with length " + length);
    }
    ByteBuffer payload = buffer(length);
    if (!fill(channel, payload) && length > 0) {
      throw new EOFException("connection ended before the payload of frame type " + type);
    }
    return Optional.of(new Frame(type, payload));
  }

  /** Header and payload in one buffer, ready to be written. */
  static ByteBuffer encode(int type, byte[] bytes, int offset, int length) {
    return buffer(HEADER + length)
        .put((byte) type)
        .putInt(length)
        .put(bytes, offset, length)
        .flip();
  }

  static ByteBuffer encode(int type, byte[] bytes) {
    return encode(type, bytes, 0, bytes.length);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fills the buffer and flips it; false when the channel ended before its first byte. */
  private static boolean fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        if (buffer.position() == 0) {
          return false;
        }
        throw new EOFException("connection ended within a frame");
      }
    }
    buffer.flip();
    return true;
  }
}
