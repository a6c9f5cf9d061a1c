package dev.bricolage.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/**
 * A run under way. Its output moves, and the run can end, only while a thread is in {@link #await};
 * the other methods may be called from any thread.
 */
public final class Running implements AutoCloseable {
  private final SocketChannel channel;
  private final FrameReader frames;

  Running(SocketChannel channel, Console console) {
    this.channel = channel;
    this.frames = new FrameReader(channel, console);
  }

  /**
   * Passes output on until the run has ended. Call once.
   *
   * @throws InterruptedException if this thread is interrupted; the run is then killed
   * @throws IOException if the helper died
   */
  public Ended await() throws IOException, InterruptedException {
    try (channel) {
      return frames.read();
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // as the exception's contract asks for
      InterruptedException interrupted =
          new InterruptedException("interrupted while a sandbox was running; it was killed");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** Sends a signal to every process of the sandbox, as a terminal does. */
  public void signal(int number) throws IOException {
    send(ByteBuffer.wrap(new byte[] {'s', (byte) number}));
  }

  private synchronized void send(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (ClosedChannelException e) {
      return; // it has ended
    }
  }

  /** Kills every process of the sandbox; {@link #await} then returns {@link Ended.Killed}. */
  public void kill() throws IOException {
    try {
      channel.shutdownOutput();
    } catch (ClosedChannelException e) {
      return; // it has ended
    }
  }

  /** Kills the run without waiting for its end. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
