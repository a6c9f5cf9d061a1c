package dev.bricolage.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A run under way. Its output moves, and the run can end, only while a thread is in {@link #await};
 * the other methods may be called from any thread.
 */
public final class Running implements AutoCloseable {
  private final SocketChannel channel;
  private final FrameReader frames;
  private final InnerFrames inner;
  private final AtomicReference<Optional<Throwable>> failure =
      new AtomicReference<>(Optional.empty());

  Running(SocketChannel channel, Console console) {
    this(channel, console, InnerRuns.NONE);
  }

  Running(SocketChannel channel, Console console, InnerRuns runs) {
    this.channel = channel;
    this.inner = new InnerFrames(runs, new ToHelper());
    this.frames = new FrameReader(channel, console, inner);
  }

  private final class ToHelper implements InnerCall.Wire {
    @Override
    public void send(ByteBuffer message) throws IOException {
      Running.this.send(message);
    }

    @Override
    public void broken(Throwable cause) {
      failure.updateAndGet(first -> first.or(() -> Optional.of(cause)));
      try {
        kill();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /**
   * Passes output on until the run has ended. Call once.
   *
   * @throws InterruptedException if this thread is interrupted; the run is then killed
   * @throws IOException if the helper died
   */
  public Ended await() throws IOException, InterruptedException {
    try (channel) {
      Ended ended = frames.read();
      Optional<Throwable> cause = failure.get();
      if (cause.isPresent()) {
        throw new IllegalStateException("deciding about an inner run failed", cause.get());
      }
      return ended;
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // as the exception's contract asks for
      InterruptedException interrupted =
          new InterruptedException("interrupted while a sandbox was running; it was killed");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      inner.close();
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
