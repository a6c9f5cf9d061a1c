import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.remote.protocol.ActionCacheGrpc;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.UpdateActionResultRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Clients of a REAPI server, as many as wanted, each with a connection of its own.
 *
 * <p>Arguments: PORT, then one of: {@code hits CLIENTS CALLS}, {@code blobs CLIENTS EACH BYTES},
 * {@code find DIGESTS}, {@code huge BYTES}. Prints a line for each thing measured: NAME SECONDS
 * COUNT P50-NANOSECONDS P99-NANOSECONDS, the seconds those of all clients together. Any answer that
 * is not right ends it with 1.
 */
final class ServeLoad {
  private static final int PIECE = 256 * 1024;

  private final int port;
  private final List<ManagedChannel> channels = new ArrayList<>();

  private ServeLoad(int port) {
    this.port = port;
  }

  public static void main(String[] words) throws Exception {
    ServeLoad load = new ServeLoad(Integer.parseInt(words[0]));
    switch (words[1]) {
      case "hits" -> load.hits(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      case "blobs" ->
          load.blobs(
              Integer.parseInt(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]));
      case "find" -> load.find(Integer.parseInt(words[2]));
      case "huge" -> load.huge(Long.parseLong(words[2]));
      default -> throw new IllegalArgumentException(words[1]);
    }
    load.channels.forEach(ManagedChannel::shutdownNow);
    System.exit(0);
  }

  /** One client's one piece of work. */
  private interface Work {
    void run(ManagedChannel channel, int client, int turn) throws Exception;
  }

  private ManagedChannel channel(int client) {
    while (channels.size() <= client) {
      channels.add(
          NettyChannelBuilder.forAddress("localhost", port)
              .usePlaintext()
              .flowControlWindow(4 << 20)
              .maxInboundMessageSize(16 << 20)
              .build());
    }
    return channels.get(client);
  }

  private void measure(String name, int clients, int each, Work work) throws Exception {
    long[][] took = new long[clients][each];
    for (int client = 0; client < clients; client++) {
      channel(client);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      long begun = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        int client = c;
        all.add(
            threads.submit(
                () -> {
                  for (int turn = 0; turn < each; turn++) {
                    long start = System.nanoTime();
                    work.run(channel(client), client, turn);
                    took[client][turn] = System.nanoTime() - start;
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(30, TimeUnit.MINUTES);
      }
      tell(name, System.nanoTime() - begun, took);
    }
  }

  private static void tell(String name, long nanos, long[][] took) {
    long[] sorted = Arrays.stream(took).flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        "%s %.6f %d %d %d%n",
        name,
        nanos / 1e9,
        sorted.length,
        sorted[sorted.length / 2],
        sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
  }

  private static Reapi.Digest digest(byte[] bytes) throws Exception {
    return digest(MessageDigest.getInstance("SHA-256").digest(bytes), bytes.length);
  }

  private static Reapi.Digest digest(byte[] hash, long size) {
    return Reapi.Digest.newBuilder()
        .setHash(HexFormat.of().formatHex(hash))
        .setSizeBytes(size)
        .build();
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException("wrong answer: " + what);
    }
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Results with one output of 1 KB each, asked for one after the other. */
  private void hits(int clients, int calls) throws Exception {
    int results = 100;
    List<Reapi.Digest> actions = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      byte[] output = random(i, 1000);
      upload(channel(0), digest(output), at -> UnsafeByteOperations.unsafeWrap(output));
      Reapi.Digest action = digest(("action " + i).getBytes(StandardCharsets.UTF_8));
      actions.add(action);
      ActionResult.Builder result = ActionResult.newBuilder();
      result.addOutputFilesBuilder().setPath("out").setDigest(digest(output));
      ActionCacheGrpc.newBlockingStub(channel(0))
          .updateActionResult(
              UpdateActionResultRequest.newBuilder()
                  .setActionDigest(action)
                  .setActionResult(result)
                  .build());
    }
    Work ask =
        (channel, client, turn) ->
            check(
                ActionCacheGrpc.newBlockingStub(channel)
                        .getActionResult(
                            GetActionResultRequest.newBuilder()
                                .setActionDigest(actions.get((client + turn) % results))
                                .build())
                        .getOutputFilesCount()
                    == 1,
                "a result without its output");
    measure("warm", clients, Math.max(1, calls / 10), ask);
    measure("hits", clients, calls, ask);
  }

  /** Blobs of so many bytes up, then down again. */
  private void blobs(int clients, int each, int size) throws Exception {
    long salt = System.nanoTime();
    byte[][] bytes = new byte[clients][];
    for (int client = 0; client < clients; client++) {
      bytes[client] = random(salt + client, size);
    }
    Reapi.Digest[][] digests = new Reapi.Digest[clients][each];
    for (int client = 0; client < clients; client++) {
      for (int turn = 0; turn < each; turn++) {
        bytes[client][0] = (byte) turn;
        digests[client][turn] = digest(bytes[client]);
      }
    }
    measure(
        "up",
        clients,
        each,
        (channel, client, turn) -> {
          bytes[client][0] = (byte) turn;
          upload(
              channel,
              digests[client][turn],
              at ->
                  ByteString.copyFrom(
                      bytes[client], (int) at, (int) Math.min(PIECE, size - at)));
        });
    measure(
        "down",
        clients,
        each,
        (channel, client, turn) -> read(channel, digests[client][turn]));
  }

  private void find(int count) throws Exception {
    List<FindMissingBlobsRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i += 10_000) {
      FindMissingBlobsRequest.Builder request = FindMissingBlobsRequest.newBuilder();
      for (int j = i; j < Math.min(count, i + 10_000); j++) {
        request.addBlobDigests(digest(("blob " + j).getBytes(StandardCharsets.UTF_8)));
      }
      requests.add(request.build());
    }
    Work ask =
        (channel, client, turn) -> {
          for (FindMissingBlobsRequest request : requests) {
            check(
                ContentAddressableStorageGrpc.newBlockingStub(channel)
                        .findMissingBlobs(request)
                        .getMissingBlobDigestsCount()
                    == request.getBlobDigestsCount(),
                "a blob that is not there is said to be");
          }
        };
    measure("warm", 1, 3, ask);
    measure("find", 1, 10, ask);
  }

  private void huge(long bytes) throws Exception {
    long size = bytes / PIECE * PIECE;
    byte[] piece = random(System.nanoTime(), PIECE);
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    for (long at = 0; at < size; at += PIECE) {
      hash.update(piece);
    }
    Reapi.Digest digest = digest(hash.digest(), size);
    measure(
        "huge",
        1,
        1,
        (channel, client, turn) ->
            upload(channel, digest, at -> UnsafeByteOperations.unsafeWrap(piece)));
  }

  /** The piece of a blob that begins there. */
  private interface Pieces {
    ByteString at(long offset);
  }

  private static void upload(ManagedChannel channel, Reapi.Digest digest, Pieces pieces)
      throws Exception {
    CompletableFuture<Long> done = new CompletableFuture<>();
    String name =
        "uploads/%s/blobs/%s/%d"
            .formatted(UUID.randomUUID(), digest.getHash(), digest.getSizeBytes());
    ByteStreamGrpc.newStub(channel)
        .withOnReadyThreshold(1 << 20)
        .write(
            new ClientResponseObserver<WriteRequest, WriteResponse>() {
              private long at;

              @Override
              public void beforeStart(ClientCallStreamObserver<WriteRequest> to) {
                to.setOnReadyHandler(
                    () -> {
                      while (to.isReady() && at < digest.getSizeBytes()) {
                        ByteString data = pieces.at(at);
                        WriteRequest.Builder message =
                            WriteRequest.newBuilder().setWriteOffset(at).setData(data);
                        if (at == 0) {
                          message.setResourceName(name);
                        }
                        at += data.size();
                        to.onNext(message.setFinishWrite(at == digest.getSizeBytes()).build());
                        if (at == digest.getSizeBytes()) {
                          to.onCompleted();
                        }
                      }
                    });
              }

              @Override
              public void onNext(WriteResponse response) {
                done.complete(response.getCommittedSize());
              }

              @Override
              public void onError(Throwable failure) {
                done.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    check(done.get(20, TimeUnit.MINUTES) == digest.getSizeBytes(), "an upload's size");
  }

  private static void read(ManagedChannel channel, Reapi.Digest digest) {
    Iterator<ReadResponse> pieces =
        ByteStreamGrpc.newBlockingStub(channel)
            .read(
                ReadRequest.newBuilder()
                    .setResourceName("blobs/" + digest.getHash() + "/" + digest.getSizeBytes())
                    .build());
    long size = 0;
    while (pieces.hasNext()) {
      size += pieces.next().getData().size();
    }
    check(size == digest.getSizeBytes(), "a read's size");
  }
}
