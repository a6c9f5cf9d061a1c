package dev.bricolage.remote.client.blob.send;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Names;
import dev.bricolage.remote.client.blob.Zstd;
import dev.bricolage.remote.client.line.Exchange;
import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.client.line.Tries;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusRequest;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusResponse;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes one blob through ByteStream. After a cut the server is asked how much it has, and the
 * stream goes on from there; a compressed one begins anew, as the protocol counts what came in one
 * unit and where to go on in another.
 */
final class Upload {
  /** Far below any limit on messages, and few enough of them. */
  private static final int PIECE_BYTES = 256 * 1024;

  private final Line line;
  private final Digest digest;
  private final Source from;
  private final boolean zstd;
  private String name;
  private boolean begun;

  Upload(Line line, Digest digest, Source from, boolean zstd) {
    this.line = line;
    this.digest = digest;
    this.from = from;
    this.zstd = zstd;
    this.name = freshName();
  }

  private String freshName() {
    return Names.upload(line.options().instance(), digest, zstd);
  }

  /** Writes it to its end. */
  void run() throws RemoteFailure, InterruptedException {
    line.attempts("Write of " + digest, this::attempt);
  }

  /** Always true: the blob is there now. */
  private boolean attempt(Tries tries) throws StatusException, RemoteFailure, InterruptedException {
    long offset = 0;
    if (begun) {
      OptionalLong committed = committed();
      if (committed.isEmpty()) {
        return true;
      }
      offset = committed.getAsLong();
    }
    if (offset == 0 && begun) {
      name = freshName();
    }
    begun = true;
    try (InputStream bytes = open()) {
      bytes.skipNBytes(offset);
      return write(bytes, offset, tries);
    } catch (IOException e) {
      if (e instanceof RemoteFailure failure) {
        throw failure;
      }
      throw lacking();
    }
  }

  private InputStream open() throws RemoteFailure {
    Optional<InputStream> bytes = from.open(digest);
    if (bytes.isEmpty()) {
      throw lacking();
    }
    return bytes.get();
  }

  private RemoteFailure lacking() {
    return BlobWriter.lacking(line.options(), digest);
  }

  /** Where to go on; empty when the server has it all. */
  private OptionalLong committed() throws StatusException, InterruptedException {
    try {
      QueryWriteStatusResponse status =
          line.once(
              ByteStreamGrpc.getQueryWriteStatusMethod(),
              QueryWriteStatusRequest.newBuilder().setResourceName(name).build());
      if (status.getComplete()) {
        return OptionalLong.empty();
      }
      long size = status.getCommittedSize();
      boolean possible = !zstd && size > 0 && size < digest.size();
      return OptionalLong.of(possible ? size : 0);
    } catch (StatusException e) {
      return switch (e.getStatus().getCode()) {
        case NOT_FOUND, UNIMPLEMENTED, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE ->
            OptionalLong.of(0);
        case ALREADY_EXISTS -> OptionalLong.empty();
        default -> throw e;
      };
    }
  }

  private boolean write(InputStream bytes, long offset, Tries tries)
      throws StatusException, RemoteFailure, InterruptedException, IOException {
    try (Exchange<WriteRequest, WriteResponse> exchange =
        line.stream(ByteStreamGrpc.getWriteMethod())) {
      Sender sender = new Sender(exchange, offset);
      if (zstd) {
        sender.packed(bytes);
      } else {
        sender.plain(bytes);
      }
      long committed = exchange.only().getCommittedSize();
      check(committed, sender);
      return true;
    } catch (StatusException e) {
      Code code = e.getStatus().getCode();
      if (code == Code.ALREADY_EXISTS) {
        return true;
      }
      if (offset > 0) {
        tries.progressed();
        if (code == Code.INVALID_ARGUMENT || code == Code.OUT_OF_RANGE || code == Code.NOT_FOUND) {
          begun = false; // it has forgotten what it had: from the beginning, under another name
          name = freshName();
          throw new StatusException(Status.ABORTED.withDescription(e.getStatus().getDescription()));
        }
      }
      throw e;
    }
  }

  /** A server that had the blob already may say so in the middle. */
  private void check(long committed, Sender sender) throws StatusException, RemoteFailure {
    boolean whole = committed == digest.size();
    if (whole || (zstd && (committed == -1 || committed == sender.offset))) {
      return;
    }
    if (committed < 0 || (committed > digest.size() && !zstd)) {
      throw new RemoteFailure(
          Kind.BAD_ANSWER,
          "%s: Write of %s: it says that it has %d bytes of %d"
              .formatted(line.options().target(), digest, committed, digest.size()));
    }
    throw new StatusException(
        Status.UNAVAILABLE.withDescription(
            "it took %d of %d bytes".formatted(committed, digest.size())));
  }

  /** Sends pieces until there are no more, or the server wants none. */
  private final class Sender {
    private final Exchange<WriteRequest, WriteResponse> exchange;
    private boolean first = true;
    private boolean wanted = true;
    private long offset;

    Sender(Exchange<WriteRequest, WriteResponse> exchange, long offset) {
      this.exchange = exchange;
      this.offset = offset;
    }

    /** The last piece says so, hence one is always held back. */
    void plain(InputStream bytes) throws IOException, StatusException, InterruptedException {
      byte[] piece = bytes.readNBytes(PIECE_BYTES);
      while (wanted) {
        byte[] next = bytes.readNBytes(PIECE_BYTES);
        send(piece, next.length == 0);
        if (next.length == 0) {
          return;
        }
        piece = next;
      }
    }

    void packed(InputStream bytes) throws IOException, StatusException, InterruptedException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream packing = Zstd.packing(packed)) {
        byte[] piece = bytes.readNBytes(PIECE_BYTES);
        while (wanted && piece.length > 0) {
          packing.write(piece);
          if (packed.size() >= PIECE_BYTES) {
            send(packed.toByteArray(), false);
            packed.reset();
          }
          piece = bytes.readNBytes(PIECE_BYTES);
        }
      }
      if (wanted) {
        send(packed.toByteArray(), true);
      }
    }

    private void send(byte[] piece, boolean last) throws StatusException, InterruptedException {
      ByteString data = UnsafeByteOperations.unsafeWrap(piece);
      WriteRequest.Builder request =
          WriteRequest.newBuilder().setWriteOffset(offset).setData(data).setFinishWrite(last);
      if (first) {
        request.setResourceName(name);
        first = false;
      }
      wanted = exchange.send(request.build());
      offset += piece.length;
      if (wanted && last) {
        exchange.end();
      }
    }
  }
}
