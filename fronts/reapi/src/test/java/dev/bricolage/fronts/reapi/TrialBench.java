package dev.bricolage.fronts.reapi;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import dev.bricolage.remote.protocol.CapabilitiesGrpc;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.GetCapabilitiesRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * What a {@link TrialServer} does in a second: {@code TrialBench PORT}, or one upload of so many
 * gigabytes: {@code TrialBench PORT GIGABYTES}.
 */
final class TrialBench {
  private static final int BLOB_BYTES = 64 << 20;
  private static final int PIECE = 256 * 1024;

  private TrialBench() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    long begun = System.nanoTime();
    ManagedChannel channel = channel(port);
    if (args.length > 1) {
      huge(channel, Integer.parseInt(args[1]));
      channel.shutdownNow();
      return;
    }
    var _ =
        CapabilitiesGrpc.newBlockingStub(channel)
            .getCapabilities(GetCapabilitiesRequest.getDefaultInstance());
    System.out.printf("first call, client cold: %d ms%n", millis(begun));
    for (int clients : new int[] {1, 1, 1, 8, 8}) {
      streams(port, clients);
    }
    find(channel, 100_000);
    find(channel, 100_000);
    calls(channel, 5_000);
    channel.shutdownNow();
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("localhost", port)
        .usePlaintext()
        .flowControlWindow(4 << 20)
        .build();
  }

  private static long millis(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }

  private static void streams(int port, int clients) throws Exception {
    List<byte[]> blobs = new ArrayList<>();
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      byte[] bytes = new byte[BLOB_BYTES];
      new Random().nextBytes(bytes);
      blobs.add(bytes);
      digests.add(Digest.of(bytes));
    }
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      channels.add(channel(port));
    }
    long begun = System.nanoTime();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(upload(channels.get(i), digests.get(i), blobs.get(i)));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(120, TimeUnit.SECONDS);
    }
    report("up", clients, begun);
    begun = System.nanoTime();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int client = i;
      readers.add(Thread.startVirtualThread(() -> read(channels.get(client), digests.get(client))));
    }
    for (Thread reader : readers) {
      reader.join();
    }
    report("down", clients, begun);
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static void report(String way, int clients, long begun) {
    long millis = Math.max(1, millis(begun));
    System.out.printf(
        "%s, %d clients: %d MB/s%n", way, clients, (long) clients * BLOB_BYTES / 1000 / millis);
  }

  private static void huge(ManagedChannel channel, int gigabytes) throws Exception {
    byte[] piece = new byte[PIECE];
    new Random().nextBytes(piece);
    long size = gigabytes * 1_000_000_000L / PIECE * PIECE;
    MessageDigest hash = Digest.sha256();
    for (long at = 0; at < size; at += PIECE) {
      hash.update(piece);
    }
    long begun = System.nanoTime();
    upload(channel, Digest.of(hash.digest(), size), at -> UnsafeByteOperations.unsafeWrap(piece))
        .get(10, TimeUnit.MINUTES);
    System.out.printf("%d GB: %d MB/s%n", gigabytes, size / 1000 / millis(begun));
  }

  private static CompletableFuture<Void> upload(
      ManagedChannel channel, Digest digest, byte[] bytes) {
    return upload(channel, digest, at -> UnsafeByteOperations.unsafeWrap(bytes, (int) at, PIECE));
  }

  private static CompletableFuture<Void> upload(
      ManagedChannel channel, Digest digest, LongFunction<ByteString> pieces) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    String name = "uploads/" + UUID.randomUUID() + "/blobs/" + digest;
    var _ =
        ByteStreamGrpc.newStub(channel)
            .withOnReadyThreshold(1 << 20)
            .write(
                new ClientResponseObserver<WriteRequest, WriteResponse>() {
                  private long at;

                  @Override
                  public void beforeStart(ClientCallStreamObserver<WriteRequest> to) {
                    to.setOnReadyHandler(() -> {
                      while (to.isReady() && at < digest.size()) {
                        ByteString data = pieces.apply(at);
                        to.onNext(
                            WriteRequest.newBuilder()
                                .setResourceName(name)
                                .setWriteOffset(at)
                                .setData(data)
                                .setFinishWrite(at + PIECE == digest.size())
                                .build());
                        at += PIECE;
                      }
                    });
                  }

                  @Override
                  public void onNext(WriteResponse response) {
                    done.complete(null);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    return done;
  }

  private static void read(ManagedChannel channel, Digest digest) {
    Iterator<ReadResponse> pieces =
        ByteStreamGrpc.newBlockingStub(channel)
            .read(ReadRequest.newBuilder().setResourceName("blobs/" + digest).build());
    long size = 0;
    while (pieces.hasNext()) {
      size += pieces.next().getData().size();
    }
    if (size != digest.size()) {
      throw new IllegalStateException("read " + size);
    }
  }

  private static void find(ManagedChannel channel, int digests) {
    List<FindMissingBlobsRequest> requests = new ArrayList<>();
    for (int i = 0; i < digests; i += 10_000) {
      FindMissingBlobsRequest.Builder request = FindMissingBlobsRequest.newBuilder();
      for (int j = i; j < i + 10_000; j++) {
        request.addBlobDigests(Digests.write(Digest.of("blob " + j)));
      }
      requests.add(request.build());
    }
    long begun = System.nanoTime();
    for (FindMissingBlobsRequest request : requests) {
      var _ = ContentAddressableStorageGrpc.newBlockingStub(channel).findMissingBlobs(request);
    }
    System.out.printf("%d digests asked for, none there: %d ms%n", digests, millis(begun));
  }

  private static void calls(ManagedChannel channel, int calls) {
    CapabilitiesGrpc.CapabilitiesBlockingStub stub = CapabilitiesGrpc.newBlockingStub(channel);
    long begun = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      var _ = stub.getCapabilities(GetCapabilitiesRequest.getDefaultInstance());
    }
    System.out.printf("a small call: %d us%n", (System.nanoTime() - begun) / 1000 / calls);
  }
}
