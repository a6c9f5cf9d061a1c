package dev.bricolage.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The first frame of either side. Its layout never changes, whatever the protocol's version, so
 * that two builds can always tell that they differ.
 *
 * @param protocol version of everything after this frame
 * @param pid of the side that speaks, for messages
 * @param build digest of the installation it belongs to
 */
record Hello(int protocol, int pid, String build) {
  /** The version spoken here. */
  static final int PROTOCOL = 2;

  static Hello decode(ByteBuffer payload) {
    int protocol = payload.getInt();
    int pid = payload.getInt();
    return new Hello(protocol, pid, StandardCharsets.UTF_8.decode(payload).toString());
  }

  byte[] encode() {
    byte[] id = build.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + id.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(protocol)
        .putInt(pid)
        .put(id)
        .array();
  }

  /** Whether a request may be served to the other side. */
  boolean matches(Hello other) {
    return protocol == other.protocol && build.equals(other.build);
  }
}
