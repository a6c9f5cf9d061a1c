package dev.bricolage.fronts.reapi.wire;

import io.grpc.stub.ServerCallStreamObserver;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Sends a stream of messages no faster than the client takes them: it is run whenever there is
 * room, so what waits in memory is bounded, however slow the other end.
 */
public final class Pump<T> {
  /**
   * How much may wait to be sent: with gRPC's own 32 KiB it would stop after every message until
   * another thread has sent it.
   */
  private static final int AHEAD_BYTES = 1 << 20;

  private final ServerCallStreamObserver<T> to;
  private final Source<T> from;
  private boolean done;

  /** Where messages come from; closed once, at the end, at a failure or when the client leaves. */
  public interface Source<T> extends Closeable {
    /** The next one, or none at the end. */
    Optional<T> next() throws IOException;
  }

  private Pump(ServerCallStreamObserver<T> to, Source<T> from) {
    this.to = to;
    this.from = from;
  }

  /** Begins to send. To be called within the service's method. */
  public static <T> void send(ServerCallStreamObserver<T> to, Source<T> from) {
    Pump<T> pump = new Pump<>(to, from);
    to.setOnReadyThreshold(AHEAD_BYTES);
    to.setOnCancelHandler(pump::end);
    to.setOnReadyHandler(pump::run);
  }

  private void run() {
    try {
      while (!done && to.isReady()) {
        Optional<T> message = from.next();
        message.ifPresent(to::onNext);
        if (message.isEmpty()) {
          end();
          to.onCompleted();
        }
      }
    } catch (IOException e) {
      end();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      end();
      throw e;
    }
  }

  private void end() {
    if (done) {
      return;
    }
    done = true;
    try {
      from.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
