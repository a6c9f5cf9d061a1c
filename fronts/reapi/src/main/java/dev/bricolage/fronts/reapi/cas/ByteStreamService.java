package dev.bricolage.fronts.reapi.cas;

import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Pump;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.fronts.reapi.wire.ResourceName;
import dev.bricolage.fronts.reapi.wire.Tail;
import dev.bricolage.fronts.reapi.wire.Tails;
import dev.bricolage.remote.protocol.ByteStreamGrpc.ByteStreamImplBase;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusRequest;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusResponse;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.util.Optional;

/** Google's {@code ByteStream}, over blobs: for those that are too large for a batch. */
public final class ByteStreamService extends ByteStreamImplBase {
  private final Admission admission;
  private final Uploads uploads;
  private final Tails tails;

  /** The service behind this door. */
  public ByteStreamService(Admission admission, Uploads uploads, Tails tails) {
    this.admission = admission;
    this.uploads = uploads;
    this.tails = tails;
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> answer) {
    Optional<Tail> tail = tails.find(request.getResourceName());
    if (tail.isPresent()) {
      follow(tail.get(), (ServerCallStreamObserver<ReadResponse>) answer);
      return;
    }
    ResourceName name = ResourceName.ofRead(request.getResourceName());
    TenantBlobs blobs = admission.enter(name.instance());
    Digest digest = name.digest();
    checkRange(request, name);
    InputStream bytes =
        BlobPieces.opened(blobs, digest, request.getReadOffset())
            .orElseThrow(() -> Refusal.notFound("the blob %s is not here".formatted(digest)));
    long limit = request.getReadLimit() == 0 ? Long.MAX_VALUE : request.getReadLimit();
    BlobPieces pieces =
        name.compressed()
            ? BlobPieces.packed(bytes, digest)
            : BlobPieces.plain(bytes, digest, limit);
    Pump.send((ServerCallStreamObserver<ReadResponse>) answer, new Responses(pieces));
  }

  /** Tells what a command writes as it writes it, until it ends or nobody listens. */
  private void follow(Tail tail, ServerCallStreamObserver<ReadResponse> answer) {
    admission.enter(tail.tenant());
    Thread teller =
        Thread.ofVirtual()
            .name("tail")
            .unstarted(() -> {
              try {
                int heard = 0;
                for (byte[] next = tail.after(0); next.length > 0; next = tail.after(heard)) {
                  heard += next.length;
                  answer.onNext(
                      ReadResponse.newBuilder()
                          .setData(UnsafeByteOperations.unsafeWrap(next))
                          .build());
                }
                answer.onCompleted();
              } catch (InterruptedException | StatusRuntimeException gone) {
                return; // nobody listens any more
              }
            });
    answer.setOnCancelHandler(teller::interrupt);
    teller.start();
  }

  private static void checkRange(ReadRequest request, ResourceName name) {
    long offset = request.getReadOffset();
    long size = name.digest().size();
    if (offset < 0 || offset > size) {
      throw new Refusal(
          Code.OUT_OF_RANGE, "cannot read from %d of a blob of %d bytes".formatted(offset, size));
    }
    if (request.getReadLimit() < 0) {
      throw Refusal.invalid("cannot read %d bytes".formatted(request.getReadLimit()));
    }
    if (name.compressed() && request.getReadLimit() != 0) {
      throw Refusal.invalid("a compressed read has no limit");
    }
  }

  private record Responses(BlobPieces pieces) implements Pump.Source<ReadResponse> {
    @Override
    public Optional<ReadResponse> next() {
      byte[] piece = pieces.next();
      return piece.length == 0
          ? Optional.empty()
          : Optional.of(
              ReadResponse.newBuilder().setData(UnsafeByteOperations.unsafeWrap(piece)).build());
    }

    @Override
    public void close() {
      pieces.close();
    }
  }

  @Override
  public void queryWriteStatus(
      QueryWriteStatusRequest request, StreamObserver<QueryWriteStatusResponse> answer) {
    ResourceName name = ResourceName.ofUpload(request.getResourceName());
    TenantBlobs blobs = admission.enter(name.instance());
    boolean complete = blobs.has(name.digest());
    answer.onNext(
        QueryWriteStatusResponse.newBuilder()
            .setComplete(complete)
            .setCommittedSize(complete ? name.digest().size() : uploads.received(blobs, name))
            .build());
    answer.onCompleted();
  }

  /**
   * The next message is asked for when this one is on disk, so a client that sends faster waits in
   * HTTP/2's window and not in our memory.
   */
  @Override
  public StreamObserver<WriteRequest> write(StreamObserver<WriteResponse> answer) {
    return new Writing(answer);
  }

  private final class Writing implements StreamObserver<WriteRequest> {
    private final StreamObserver<WriteResponse> answer;
    private Optional<Upload> upload = Optional.empty();
    private String resource = "";
    private boolean answered;

    Writing(StreamObserver<WriteResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(WriteRequest message) {
      if (answered) {
        return; // the blob was there already, and the client has not heard it yet
      }
      if (upload.isEmpty() && !begin(message)) {
        return;
      }
      Upload current = upload.orElseThrow();
      try {
        checkName(message);
        current.write(this, message.getWriteOffset(), message.getData());
        if (message.getFinishWrite()) {
          current.finish(this);
          uploads.end(current);
          answer(current.name().digest().size(), current.name().compressed());
        }
      } catch (RuntimeException e) {
        answered = true;
        giveUp(current, e);
        throw e;
      }
    }

    /** An upload that was taken over is its new stream's. */
    private void giveUp(Upload current, RuntimeException why) {
      if (!(why instanceof Refusal refusal) || refusal.status().getCode() != Code.ABORTED.value()) {
        uploads.end(current);
      }
    }

    /** Whether there is anything to write. */
    private boolean begin(WriteRequest first) {
      ResourceName name = ResourceName.ofUpload(first.getResourceName());
      resource = first.getResourceName();
      TenantBlobs blobs = admission.enter(name.instance());
      if (blobs.has(name.digest())) {
        answer(name.digest().size(), name.compressed());
        return false;
      }
      long most = admission.limits().blobBytes();
      if (name.digest().size() > most) {
        throw Refusal.invalid(
            "a blob may have %d bytes, not %d".formatted(most, name.digest().size()));
      }
      upload = Optional.of(uploads.claim(blobs, name, first.getWriteOffset(), this));
      return true;
    }

    private void checkName(WriteRequest message) {
      String name = message.getResourceName();
      if (!name.isEmpty() && !name.equals(resource)) {
        throw Refusal.invalid(
            "one stream writes one blob: it began '%s' and goes on '%s'".formatted(resource, name));
      }
    }

    private void answer(long size, boolean compressed) {
      answered = true;
      answer.onNext(WriteResponse.newBuilder().setCommittedSize(compressed ? -1 : size).build());
      answer.onCompleted();
    }

    /** The client stops here and may go on in another stream. */
    @Override
    public void onCompleted() {
      if (answered) {
        return;
      }
      long received = upload.map(Upload::received).orElse(0L);
      upload.ifPresent(uploads::pause);
      answer(received, false);
    }

    @Override
    public void onError(Throwable lost) {
      if (!answered) {
        upload.ifPresent(uploads::pause);
      }
    }
  }
}
