package dev.bricolage.remote.client.blob.read;

import dev.bricolage.remote.client.line.Exchange;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * The bytes of a ByteStream read. A call that ends badly, and an interruption, are thrown through
 * whatever is put around this stream: {@link #failure} finds them again.
 */
final class Pieces extends InputStream {
  private final Exchange<ReadRequest, ReadResponse> exchange;
  private InputStream piece = InputStream.nullInputStream();
  private Optional<StatusException> ended = Optional.empty();
  private boolean interrupted;

  Pieces(Exchange<ReadRequest, ReadResponse> exchange) {
    this.exchange = exchange;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (true) {
      int read = piece.read(into, offset, length);
      if (read > 0 || length == 0) {
        return read;
      }
      Optional<ReadResponse> next = next();
      if (next.isEmpty()) {
        return -1;
      }
      piece = next.get().getData().newInput();
    }
  }

  private Optional<ReadResponse> next() throws IOException {
    try {
      return exchange.next();
    } catch (StatusException e) {
      ended = Optional.of(e);
      throw new IOException(e);
    } catch (InterruptedException e) {
      interrupted = true;
      throw new InterruptedIOException();
    }
  }

  /** What was behind an exception of this stream: empty when it was not the call. */
  Optional<StatusException> failure() throws InterruptedException {
    if (interrupted) {
      throw new InterruptedException();
    }
    return ended;
  }
}
