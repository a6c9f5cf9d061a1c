package dev.bricolage.fronts.reapi.cas;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Inflater;
import dev.bricolage.fronts.reapi.wire.Pump;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.fronts.reapi.wire.Refusals;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc.ContentAddressableStorageImplBase;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.ChunkingFunction;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.GetTreeRequest;
import dev.bricolage.remote.protocol.Reapi.GetTreeResponse;
import dev.bricolage.remote.protocol.Reapi.SpliceBlobRequest;
import dev.bricolage.remote.protocol.Reapi.SpliceBlobResponse;
import dev.bricolage.remote.protocol.Reapi.SplitBlobRequest;
import dev.bricolage.remote.protocol.Reapi.SplitBlobResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** REAPI's {@code ContentAddressableStorage}: blobs in batches, and the folders of a tree. */
public final class CasService extends ContentAddressableStorageImplBase {
  /** Below this, packing costs more than the bytes it saves. */
  private static final int WORTH_PACKING = 1024;

  private static final int PAGE_BYTES = 1 << 20;

  private final Admission admission;
  private final Consumer<Throwable> faults;

  /** The service behind this door; it tells mistakes of ours to {@code faults}. */
  public CasService(Admission admission, Consumer<Throwable> faults) {
    this.admission = admission;
    this.faults = faults;
  }

  /** What it says is there stays for {@code StoreGc.GRACE}: asking counts as using. */
  @Override
  public void findMissingBlobs(
      FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    FindMissingBlobsResponse.Builder response = FindMissingBlobsResponse.newBuilder();
    blobs.missing(Digests.read(request.getBlobDigestsList())).stream()
        .map(Digests::write)
        .forEach(response::addMissingBlobDigests);
    answer.onNext(response.build());
    answer.onCompleted();
  }

  @Override
  public void batchUpdateBlobs(
      BatchUpdateBlobsRequest request, StreamObserver<BatchUpdateBlobsResponse> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    checkBatch(request.getRequestsList().stream().mapToLong(r -> r.getData().size()).sum());
    Room room =
        new Room(
            admission.limits().answerBytes(),
            request.getRequestsList().stream()
                .map(BatchUpdateBlobsRequest.Request::getDigest)
                .toList());
    BatchUpdateBlobsResponse.Builder response = BatchUpdateBlobsResponse.newBuilder();
    for (BatchUpdateBlobsRequest.Request upload : request.getRequestsList()) {
      response.addResponses(update(blobs, upload, room));
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private BatchUpdateBlobsResponse.Response update(
      TenantBlobs blobs, BatchUpdateBlobsRequest.Request upload, Room room) {
    BatchUpdateBlobsResponse.Response one =
        BatchUpdateBlobsResponse.Response.newBuilder()
            .setDigest(upload.getDigest())
            .setStatus(room.said(status(() -> put(blobs, upload))))
            .build();
    return room.take(one.getDigest(), one)
        ? one
        : one.toBuilder().setStatus(Room.codeOf(one.getStatus())).build();
  }

  private void put(TenantBlobs blobs, BatchUpdateBlobsRequest.Request upload) {
    Digest wanted = Digests.read(upload.getDigest());
    checkSize(wanted);
    blobs.put(wanted, unpacked(wanted, upload.getData(), upload.getCompressor()));
  }

  private byte[] unpacked(Digest wanted, ByteString data, Compressor.Value compressor) {
    return switch (compressor) {
      case IDENTITY -> data.toByteArray();
      case ZSTD -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Inflater inflater = new Inflater()) {
          inflater.feed(
              data.asReadOnlyByteBuffer(),
              (piece, length) -> {
                bytes.write(piece, 0, length);
                if (bytes.size() > Math.min(wanted.size(), admission.limits().batchBytes())) {
                  throw Refusal.invalid("%s unpacks to more bytes than that".formatted(wanted));
                }
              });
        }
        yield bytes.toByteArray();
      }
      default -> throw Refusal.invalid("the compressor here is ZSTD, not " + compressor);
    };
  }

  @Override
  public void batchReadBlobs(
      BatchReadBlobsRequest request, StreamObserver<BatchReadBlobsResponse> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    List<Digest> wanted = Digests.read(request.getDigestsList());
    checkBatch(wanted.stream().mapToLong(Digest::size).sum());
    boolean mayPack = request.getAcceptableCompressorsList().contains(Compressor.Value.ZSTD);
    Room room = new Room(admission.limits().answerBytes(), request.getDigestsList());
    BatchReadBlobsResponse.Builder response = BatchReadBlobsResponse.newBuilder();
    for (Digest digest : wanted) {
      response.addResponses(read(blobs, digest, mayPack, room));
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private BatchReadBlobsResponse.Response read(
      TenantBlobs blobs, Digest digest, boolean mayPack, Room room) {
    BatchReadBlobsResponse.Response.Builder one =
        BatchReadBlobsResponse.Response.newBuilder().setDigest(Digests.write(digest));
    if (!room.has(digest.size())) {
      return one.setStatus(Room.FULL).build();
    }
    com.google.rpc.Status how = status(() -> fill(one, read(blobs, digest), mayPack));
    if (room.take(one.getDigest(), one.setStatus(room.said(how)).build())) {
      return one.build();
    }
    boolean there = how.getCode() == Status.OK.getCode().value();
    return one.clearData()
        .clearCompressor()
        .setStatus(there ? Room.FULL : Room.codeOf(how))
        .build();
  }

  private static byte[] read(TenantBlobs blobs, Digest digest) {
    return blobs
        .read(digest)
        .orElseThrow(() -> Refusal.notFound("the blob %s is not here".formatted(digest)));
  }

  private static void fill(
      BatchReadBlobsResponse.Response.Builder one, byte[] bytes, boolean mayPack) {
    if (mayPack && bytes.length >= WORTH_PACKING) {
      byte[] packed = Zstd.compress(bytes, 1);
      if (packed.length < bytes.length) {
        one.setCompressor(Compressor.Value.ZSTD).setData(UnsafeByteOperations.unsafeWrap(packed));
        return;
      }
    }
    one.setData(UnsafeByteOperations.unsafeWrap(bytes));
  }

  /** How one part of a batch went; the others go on. */
  private com.google.rpc.Status status(Runnable part) {
    try {
      part.run();
      return com.google.rpc.Status.getDefaultInstance();
    } catch (RuntimeException e) {
      return Refusals.of(e, faults).status();
    }
  }

  @Override
  public void getTree(GetTreeRequest request, StreamObserver<GetTreeResponse> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    Digest root = Digests.read(request.getRootDigest());
    if (!blobs.has(root)) {
      throw Refusal.notFound("the tree's root %s is not here".formatted(root));
    }
    Folders folders = new Folders(blobs, root, admission.limits().folders());
    Pages pages = new Pages(folders, request.getPageSize(), offset(request.getPageToken()));
    Pump.send((ServerCallStreamObserver<GetTreeResponse>) answer, pages);
  }

  /** The token is how many folders came before: the walk is the same every time. */
  private static int offset(String token) {
    try {
      int offset = token.isEmpty() ? 0 : Integer.parseInt(token);
      if (offset >= 0) {
        return offset;
      }
    } catch (NumberFormatException e) {
      throw Refusal.invalid("not a page token of this server: '%s'".formatted(token));
    }
    throw Refusal.invalid("not a page token of this server: '%s'".formatted(token));
  }

  /** Whatever function is asked for, ours is used and named: the specification lets us. */
  @Override
  public void splitBlob(SplitBlobRequest request, StreamObserver<SplitBlobResponse> answer) {
    Digests.check(request.getDigestFunction());
    TenantBlobs blobs = admission.enter(request.getInstanceName());
    SplitBlobResponse.Builder response =
        SplitBlobResponse.newBuilder().setChunkingFunction(ChunkingFunction.Value.FAST_CDC_2020);
    new Chunks(blobs)
        .split(Digests.read(request.getBlobDigest())).stream()
            .map(Digests::write)
            .forEach(response::addChunkDigests);
    answer.onNext(response.build());
    answer.onCompleted();
  }

  @Override
  public void spliceBlob(SpliceBlobRequest request, StreamObserver<SpliceBlobResponse> answer) {
    Digests.check(request.getDigestFunction());
    Chunks chunks = new Chunks(admission.enter(request.getInstanceName()));
    List<Digest> parts = Digests.read(request.getChunkDigestsList());
    Digest whole =
        request.hasBlobDigest() ? Digests.read(request.getBlobDigest()) : chunks.digest(parts);
    long most = admission.limits().blobBytes();
    if (whole.size() > most) {
      throw Refusal.invalid("a blob may have %d bytes, not %d".formatted(most, whole.size()));
    }
    chunks.splice(parts, whole);
    answer.onNext(SpliceBlobResponse.newBuilder().setBlobDigest(Digests.write(whole)).build());
    answer.onCompleted();
  }

  private static final class Pages implements Pump.Source<GetTreeResponse> {
    private final Folders folders;
    private final int pageSize;
    private int sent;
    private Optional<Directory> next;

    Pages(Folders folders, int pageSize, int offset) {
      this.folders = folders;
      this.pageSize = pageSize > 0 ? pageSize : Integer.MAX_VALUE;
      next = folders.next();
      while (sent < offset && next.isPresent()) {
        next = folders.next();
        sent++;
      }
    }

    @Override
    public Optional<GetTreeResponse> next() {
      if (next.isEmpty()) {
        return Optional.empty();
      }
      GetTreeResponse.Builder page = GetTreeResponse.newBuilder();
      long bytes = 0;
      while (next.isPresent() && page.getDirectoriesCount() < pageSize && bytes < PAGE_BYTES) {
        bytes += next.get().getSerializedSize();
        page.addDirectories(next.get());
        sent++;
        next = folders.next();
      }
      return Optional.of(page.setNextPageToken(next.isPresent() ? "" + sent : "").build());
    }

    @Override
    public void close() {}
  }

  private void checkBatch(long bytes) {
    int most = admission.limits().batchBytes();
    if (bytes > most) {
      throw Refusal.invalid("a batch may carry %d bytes, not %d".formatted(most, bytes));
    }
  }

  private void checkSize(Digest digest) {
    if (digest.size() > admission.limits().batchBytes()) {
      throw Refusal.invalid("%s is too large for a batch; ByteStream takes it".formatted(digest));
    }
  }
}
