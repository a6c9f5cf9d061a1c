package dev.bricolage.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * What the daemon says on one connection, in order, written by a thread of its own.
 *
 * <p>Requests must not write to the channel themselves: Java closes a channel whose user is
 * interrupted, and a cancelled request still has an exit status to tell. The queue is short, so a
 * client that stops reading stops the request that writes; that wait can be interrupted.
 */
final class Outbox {
  private static final int FRAMES = 16;
  private static final int LARGEST = 64 << 10;

  /** The only buffer with nothing in it: every frame has a header. */
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final BlockingQueue<ByteBuffer> queue = new ArrayBlockingQueue<>(FRAMES);
  private final SocketChannel channel;
  private final Thread writer;
  private volatile boolean broken;

  Outbox(SocketChannel channel) {
    this.channel = channel;
    this.writer = Thread.ofVirtual().name("outbox").start(this::write);
  }

  /** Frames of one type made of whatever is written; flushing is not needed. */
  OutputStream stream(int type) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += LARGEST) {
          send(Frame.encode(type, bytes, offset + done, Math.min(LARGEST, length - done)));
        }
      }
    };
  }

  /**
   * Queues a frame.
   *
   * @throws IOException when the client is gone
   * @throws InterruptedIOException when interrupted while the client does not read; the thread's
   *     interrupt status stays set
   */
  void send(ByteBuffer frame) throws IOException {
    if (broken) {
      throw new IOException("the client is gone");
    }
    try {
      queue.put(frame);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("cancelled");
    }
  }

  /** Writes what is queued, then closes the channel; returns when that is done. */
  void finish() {
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(END);
        writer.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try (channel) {
      for (ByteBuffer frame = queue.take(); frame.hasRemaining(); frame = queue.take()) {
        while (frame.hasRemaining()) {
          channel.write(frame);
        }
      }
    } catch (IOException gone) {
      broken = true;
      discard();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts an outbox", e);
    }
  }

  /** Takes what nobody will read, so that the writers do not wait for room. */
  private void discard() {
    try {
      boolean more = true;
      while (more) {
        more = queue.take().hasRemaining();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts an outbox", e);
    }
  }
}
