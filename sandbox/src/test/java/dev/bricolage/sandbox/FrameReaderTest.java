package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private final Captured captured = new Captured();

  private void frame(char type, byte[] payload) {
    ByteBuffer header = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
    wire.writeBytes(header.putInt(payload.length + 1).put((byte) type).array());
    wire.writeBytes(payload);
  }

  private static byte[] question(int kind, boolean existed, byte[] path) {
    return ByteBuffer.allocate(6 + path.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) kind)
        .put((byte) (existed ? 1 : 0))
        .putInt(path.length)
        .put(path)
        .array();
  }

  private void end(int code, String unobserved) {
    byte[] reason = unobserved.getBytes(UTF_8);
    frame(
        'x',
        ByteBuffer.allocate(5 + 56 + 4 + reason.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0)
            .putInt(code)
            .putLong(1)
            .putLong(2)
            .putLong(3)
            .putLong(4)
            .putLong(5)
            .putLong(6)
            .putLong(7)
            .putInt(reason.length)
            .put(reason)
            .array());
  }

  /** Gives one byte at a time: frames may be cut anywhere. */
  private Ended read() throws IOException {
    var in = new ByteArrayInputStream(wire.toByteArray());
    ReadableByteChannel whole = Channels.newChannel(in);
    ReadableByteChannel slow =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer target) throws IOException {
            int limit = target.limit();
            target.limit(target.position() + Math.min(1, target.remaining()));
            int length = whole.read(target);
            target.limit(limit);
            return length;
          }

          @Override
          public boolean isOpen() {
            return whole.isOpen();
          }

          @Override
          public void close() throws IOException {
            whole.close();
          }
        };
    return new FrameReader(slow, captured, new InnerFrames(InnerRuns.NONE, new NoWire())).read();
  }

  @Test
  void framesBecomeAnEnd() throws Exception {
    frame('o', "out".getBytes(UTF_8));
    frame('e', "err".getBytes(UTF_8));
    frame('n', "a note".getBytes(UTF_8));
    frame('q', question(1, true, "/build/ä".getBytes(UTF_8)));
    frame('q', question(2, false, "/build".getBytes(UTF_8)));
    end(7, "");
    assertEquals(
        new Ended(
            new Ended.Exited(7),
            new Ended.Usage(
                Duration.ofNanos(1000), Duration.ofNanos(2000), Duration.ofNanos(3000), 4096, 5, 6),
            List.of(
                new Sighting(Sighting.Kind.CONTENT, "/build/ä", true),
                new Sighting(Sighting.Kind.LIST, "/build", false)),
            List.of("a note"),
            Optional.empty()),
        read());
    assertEquals("outerr", captured.both());
  }

  @Test
  void aReplacementCharacterInANameIsAName() throws Exception {
    frame('q', question(0, true, "/b/\uFFFD".getBytes(UTF_8)));
    end(0, "");
    assertEquals(List.of(new Sighting(Sighting.Kind.STAT, "/b/\uFFFD", true)), read().sightings());
  }

  @Test
  void theHelpersReasonComesBeforeTheReaders() throws Exception {
    frame('q', question(0, true, new byte[] {'/', (byte) 0xff}));
    end(0, "no memory");
    Ended ended = read();
    assertEquals(Optional.of("no memory"), ended.unobserved());
    assertEquals(List.of("name is not UTF-8: /\\xff"), ended.notes());
  }

  @Test
  void largeFramesFit() throws Exception {
    frame('o', "x".repeat(500_000).getBytes(UTF_8));
    end(0, "");
    read();
    assertEquals(500_000, captured.out().length());
  }

  @Test
  void aCutConnectionIsAnError() {
    frame('o', "out".getBytes(UTF_8));
    IOException thrown = assertThrows(IOException.class, this::read);
    assertEquals(
        "the sandbox helper died during the run (was it killed, or out of memory?);"
            + " run the command again",
        thrown.getMessage());
  }

  @Test
  void anUnknownFrameIsAnError() {
    frame('?', new byte[0]);
    IOException thrown = assertThrows(IOException.class, this::read);
    assertEquals("the sandbox helper sent a frame of unknown type 63", thrown.getMessage());
  }

  /** Nothing is asked in these tests. */
  private static final class NoWire implements InnerCall.Wire {
    @Override
    public void send(java.nio.ByteBuffer message) {
      throw new AssertionError("nobody was asked");
    }

    @Override
    public void broken(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
