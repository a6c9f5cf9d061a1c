package dev.bricolage.remote.client.blob.read;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Names;
import dev.bricolage.remote.client.blob.Zstd;
import dev.bricolage.remote.client.line.Exchange;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.Tries;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.store.Arrival;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one blob through ByteStream. A stream that is cut is gone on with where it was, however
 * often, as long as every new one brings something. Nothing is kept that is not the digest's.
 */
final class Download {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Line line;
  private final Digest digest;
  private final Arrival arrival;
  private final boolean zstd;

  /** How it went. */
  enum Result {
    THERE,
    MISSING,
    /** The bytes are another blob's. */
    WRONG,
    /** The server will not go on where it was: begin anew. */
    NO_RESUMING
  }

  Download(Line line, Digest digest, Arrival arrival, boolean zstd) {
    this.line = line;
    this.digest = digest;
    this.arrival = arrival;
    this.zstd = zstd;
  }

  /** Reads it to its end. */
  Result run() throws RemoteFailure, InterruptedException {
    return line.attempts("Read of " + digest, this::attempt);
  }

  private Result attempt(Tries tries) throws StatusException, InterruptedException {
    long from = arrival.size();
    try (Exchange<ReadRequest, ReadResponse> exchange =
        line.stream(ByteStreamGrpc.getReadMethod())) {
      exchange.send(
          ReadRequest.newBuilder()
              .setResourceName(Names.read(line.options().instance(), digest, zstd))
              .setReadOffset(from)
              .build());
      exchange.end();
      return read(new Pieces(exchange), tries);
    } catch (StatusException e) {
      Code code = e.getStatus().getCode();
      if (code == Code.NOT_FOUND) {
        return Result.MISSING;
      }
      if (from > 0 && (code == Code.OUT_OF_RANGE || code == Code.INVALID_ARGUMENT)) {
        return Result.NO_RESUMING;
      }
      throw e;
    }
  }

  private Result read(Pieces pieces, Tries tries) throws StatusException, InterruptedException {
    try (InputStream in = zstd ? Zstd.unpacking(pieces) : pieces) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (arrival.size() + read > digest.size()) {
          return Result.WRONG;
        }
        arrival.write(buffer, 0, read);
        if (read > 0) {
          tries.progressed();
        }
      }
    } catch (IOException e) {
      Optional<StatusException> failure = pieces.failure();
      if (failure.isPresent()) {
        throw failure.get();
      }
      if (arrival.size() < digest.size()) {
        throw cut(String.valueOf(e.getMessage()));
      }
      return Result.WRONG;
    }
    if (arrival.size() < digest.size()) {
      throw cut("no error");
    }
    return arrival.finish(digest) ? Result.THERE : Result.WRONG;
  }

  /** Some servers, and proxies before them, end a stream early as if that were all. */
  private StatusException cut(String how) {
    return new StatusException(
        Status.UNAVAILABLE.withDescription(
            "the stream ended after %d of %d bytes (%s)"
                .formatted(arrival.size(), digest.size(), how)));
  }
}
