package dev.bricolage.remote.client;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc.OperationsImplBase;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.rpc.Status;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.remote.client.line.Surroundings;
import dev.bricolage.remote.protocol.ActionCacheGrpc.ActionCacheImplBase;
import dev.bricolage.remote.protocol.ByteStreamGrpc.ByteStreamImplBase;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusRequest;
import dev.bricolage.remote.protocol.Bytes.QueryWriteStatusResponse;
import dev.bricolage.remote.protocol.Bytes.ReadRequest;
import dev.bricolage.remote.protocol.Bytes.ReadResponse;
import dev.bricolage.remote.protocol.Bytes.WriteRequest;
import dev.bricolage.remote.protocol.Bytes.WriteResponse;
import dev.bricolage.remote.protocol.CapabilitiesGrpc.CapabilitiesImplBase;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc.ContentAddressableStorageImplBase;
import dev.bricolage.remote.protocol.ExecutionGrpc.ExecutionImplBase;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchReadBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsResponse;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.GetCapabilitiesRequest;
import dev.bricolage.remote.protocol.Reapi.ServerCapabilities;
import dev.bricolage.remote.protocol.Reapi.SpliceBlobRequest;
import dev.bricolage.remote.protocol.Reapi.SpliceBlobResponse;
import dev.bricolage.remote.protocol.Reapi.SplitBlobRequest;
import dev.bricolage.remote.protocol.Reapi.SplitBlobResponse;
import dev.bricolage.remote.protocol.Reapi.UpdateActionResultRequest;
import dev.bricolage.remote.protocol.Reapi.WaitExecutionRequest;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * A server that does what a test tells it: a well-behaved one over memory, each of whose calls can
 * be replaced, or be refused the next few times. It notes what it was asked.
 */
final class Fake implements AutoCloseable {
  /** How it cuts, when it says that it does. */
  static final FastCdc CUTTER = new FastCdc(16384, 0);

  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  final Map<String, byte[]> partial = new ConcurrentHashMap<>();
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  final List<Metadata> headers = Collections.synchronizedList(new ArrayList<>());
  volatile Instant now = Instant.ofEpochSecond(1_000_000);
  private final Map<String, Deque<StatusRuntimeException>> refusals = new ConcurrentHashMap<>();
  private Server server;

  volatile ServerCapabilities capabilities = usual().build();
  volatile UnaryOperator<FindMissingBlobsResponse> onMissing = answer -> answer;
  volatile UnaryOperator<SplitBlobResponse> onSplit = answer -> answer;
  volatile UnaryOperator<BatchReadBlobsResponse> onBatchRead = answer -> answer;
  volatile UnaryOperator<BatchUpdateBlobsResponse> onBatchUpdate = answer -> answer;
  volatile BiConsumer<ReadRequest, StreamObserver<ReadResponse>> onRead = this::read;
  volatile UnaryOperator<StreamObserver<WriteRequest>> onWrite = writer -> writer;
  volatile UnaryOperator<WriteResponse> onWritten = answer -> answer;
  volatile UnaryOperator<QueryWriteStatusResponse> onQuery = answer -> answer;
  volatile Optional<ActionResult> result = Optional.empty();
  volatile BiConsumer<ExecuteRequest, StreamObserver<Operation>> onExecute =
      (request, answer) -> answer.onError(status(Code.UNIMPLEMENTED, "no workers"));
  volatile BiConsumer<WaitExecutionRequest, StreamObserver<Operation>> onWait =
      (request, answer) -> answer.onError(status(Code.NOT_FOUND, "no such operation"));

  Fake() throws IOException {
    server = start(0, Optional.empty());
  }

  Fake(SslContext tls) throws IOException {
    server = start(0, Optional.of(tls));
  }

  static ServerCapabilities.Builder usual() {
    ServerCapabilities.Builder all = ServerCapabilities.newBuilder();
    all.getLowApiVersionBuilder().setMajor(2);
    all.getHighApiVersionBuilder().setMajor(2).setMinor(3);
    all.getCacheCapabilitiesBuilder()
        .addDigestFunctions(DigestFunction.Value.SHA256)
        .getActionCacheUpdateCapabilitiesBuilder()
        .setUpdateEnabled(true);
    all.getExecutionCapabilitiesBuilder()
        .setDigestFunction(DigestFunction.Value.SHA256)
        .setExecEnabled(true);
    return all;
  }

  /** At a socket of this machine. */
  Fake(Path socket) throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    server =
        start(
            NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop));
  }

  private Server start(int port, Optional<SslContext> tls) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    tls.ifPresent(builder::sslContext);
    return start(builder);
  }

  private Server start(NettyServerBuilder builder) throws IOException {
    for (BindableService service :
        List.of(
            new Abilities(), new Cas(), new Streams(), new Results(), new Workers(), new Ops())) {
      builder.addService(service);
    }
    return builder.intercept(new Refusing()).maxInboundMessageSize(4 << 20).build().start();
  }

  /** Says goodbye on all connections, and is back at the same port. */
  void restart() throws Exception {
    int port = server.getPort();
    server.shutdown();
    if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
      server.shutdownNow();
      server.awaitTermination(5, TimeUnit.SECONDS);
    }
    server = start(port, Optional.empty());
  }

  int port() {
    return server.getPort();
  }

  /** Without waiting, without compression, with three retries. */
  RemoteOptions options() {
    return RemoteOptions.parse("grpc://localhost:" + port()).withRetries(3).withCompression(false);
  }

  Remote remote() throws IOException {
    return remote(options());
  }

  Remote remote(RemoteOptions options) throws IOException {
    return Remote.open(
        options, warnings::add, new Surroundings(() -> now, this::pause, new Random(1)));
  }

  private void pause(Duration length) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    pauses.add(length);
    now = now.plus(length);
  }

  /** The next calls of this name end so, one each. */
  void refuse(String method, StatusRuntimeException... endings) {
    refusals.computeIfAbsent(method, name -> new ArrayDeque<>()).addAll(Arrays.asList(endings));
  }

  static StatusRuntimeException status(Code code, String message) {
    return code.toStatus().withDescription(message).asRuntimeException();
  }

  Digest has(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    blobs.put(digest, bytes);
    return digest;
  }

  /** How many of its calls begin so. */
  long count(String beginning) {
    return List.copyOf(log).stream().filter(line -> line.startsWith(beginning)).count();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Refusing implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata with, ServerCallHandler<Q, A> next) {
      headers.add(with);
      String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
      Deque<StatusRuntimeException> queue = refusals.getOrDefault(method, new ArrayDeque<>());
      StatusRuntimeException ending;
      synchronized (queue) {
        ending = queue.poll();
      }
      if (ending == null) {
        return next.startCall(call, with);
      }
      log.add(method + " refused");
      Metadata trailers = ending.getTrailers();
      call.close(ending.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
  }

  private static <T> void answer(StreamObserver<T> to, T message) {
    to.onNext(message);
    to.onCompleted();
  }

  private final class Abilities extends CapabilitiesImplBase {
    @Override
    public void getCapabilities(
        GetCapabilitiesRequest request, StreamObserver<ServerCapabilities> answer) {
      log.add("GetCapabilities " + request.getInstanceName());
      answer(answer, capabilities);
    }
  }

  private final class Cas extends ContentAddressableStorageImplBase {
    @Override
    public void findMissingBlobs(
        FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> answer) {
      log.add("FindMissingBlobs " + request.getBlobDigestsCount());
      FindMissingBlobsResponse.Builder missing = FindMissingBlobsResponse.newBuilder();
      request.getBlobDigestsList().stream()
          .filter(digest -> !blobs.containsKey(Digests.read(digest).orElseThrow()))
          .forEach(missing::addMissingBlobDigests);
      answer(answer, onMissing.apply(missing.build()));
    }

    @Override
    public void batchReadBlobs(
        BatchReadBlobsRequest request, StreamObserver<BatchReadBlobsResponse> answer) {
      log.add("BatchReadBlobs " + request.getDigestsCount());
      BatchReadBlobsResponse.Builder all = BatchReadBlobsResponse.newBuilder();
      for (var digest : request.getDigestsList()) {
        byte[] bytes = blobs.get(Digests.read(digest).orElseThrow());
        BatchReadBlobsResponse.Response.Builder one = all.addResponsesBuilder().setDigest(digest);
        if (bytes == null) {
          one.setStatus(Status.newBuilder().setCode(Code.NOT_FOUND.value()));
        } else {
          one.setData(ByteString.copyFrom(bytes));
        }
      }
      answer(answer, onBatchRead.apply(all.build()));
    }

    @Override
    public void splitBlob(SplitBlobRequest request, StreamObserver<SplitBlobResponse> answer) {
      log.add("SplitBlob");
      try {
        byte[] bytes = blobs.get(Digests.read(request.getBlobDigest()).orElseThrow());
        SplitBlobResponse.Builder chunks = SplitBlobResponse.newBuilder();
        for (FastCdc.Chunk chunk : CUTTER.chunks(new ByteArrayInputStream(bytes))) {
          chunks.addChunkDigests(Digests.write(chunk.digest()));
          int from = (int) chunk.offset();
          has(Arrays.copyOfRange(bytes, from, from + (int) chunk.digest().size()));
        }
        answer(answer, onSplit.apply(chunks.build()));
      } catch (IOException e) {
        answer.onError(e);
      }
    }

    @Override
    public void spliceBlob(SpliceBlobRequest request, StreamObserver<SpliceBlobResponse> answer) {
      log.add("SpliceBlob " + request.getChunkDigestsCount());
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      request
          .getChunkDigestsList()
          .forEach(chunk -> all.writeBytes(blobs.get(Digests.read(chunk).orElseThrow())));
      answer(
          answer,
          SpliceBlobResponse.newBuilder()
              .setBlobDigest(Digests.write(has(all.toByteArray())))
              .build());
    }

    @Override
    public void batchUpdateBlobs(
        BatchUpdateBlobsRequest request, StreamObserver<BatchUpdateBlobsResponse> answer) {
      log.add("BatchUpdateBlobs " + request.getRequestsCount());
      BatchUpdateBlobsResponse.Builder all = BatchUpdateBlobsResponse.newBuilder();
      for (var one : request.getRequestsList()) {
        all.addResponsesBuilder().setDigest(one.getDigest());
      }
      BatchUpdateBlobsResponse said = onBatchUpdate.apply(all.build());
      for (int i = 0; i < said.getResponsesCount(); i++) {
        if (said.getResponses(i).getStatus().getCode() == 0) {
          has(request.getRequests(i).getData().toByteArray());
        }
      }
      answer(answer, said);
    }
  }

  /** A good read, in pieces of 64 KiB. */
  void read(ReadRequest request, StreamObserver<ReadResponse> answer) {
    byte[] bytes = blobs.get(digest(request.getResourceName()));
    if (bytes == null) {
      answer.onError(status(Code.NOT_FOUND, "not here"));
      return;
    }
    pieces(bytes, (int) request.getReadOffset(), bytes.length, answer);
    answer.onCompleted();
  }

  static void pieces(byte[] bytes, int from, int to, StreamObserver<ReadResponse> answer) {
    for (int at = from; at < to; at += 65536) {
      answer.onNext(
          ReadResponse.newBuilder()
              .setData(ByteString.copyFrom(bytes, at, Math.min(65536, to - at)))
              .build());
    }
  }

  static Digest digest(String resource) {
    return Digest.parse(
        resource.substring(resource.lastIndexOf("blobs/") + 6).replace("zstd/", ""));
  }

  private final class Streams extends ByteStreamImplBase {
    @Override
    public void read(ReadRequest request, StreamObserver<ReadResponse> answer) {
      log.add("Read " + request.getReadOffset());
      onRead.accept(request, answer);
    }

    @Override
    public StreamObserver<WriteRequest> write(StreamObserver<WriteResponse> answer) {
      return onWrite.apply(new Writing(answer));
    }

    @Override
    public void queryWriteStatus(
        QueryWriteStatusRequest request, StreamObserver<QueryWriteStatusResponse> answer) {
      log.add("QueryWriteStatus");
      byte[] bytes = partial.getOrDefault(request.getResourceName(), new byte[0]);
      answer(
          answer,
          onQuery.apply(
              QueryWriteStatusResponse.newBuilder().setCommittedSize(bytes.length).build()));
    }
  }

  /** A good write, whose bytes stay when it is cut. */
  final class Writing implements StreamObserver<WriteRequest> {
    final StreamObserver<WriteResponse> answer;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private String name = "";

    Writing(StreamObserver<WriteResponse> answer) {
      this.answer = answer;
    }

    int size() {
      return bytes.size();
    }

    @Override
    public void onNext(WriteRequest message) {
      if (name.isEmpty()) {
        name = message.getResourceName();
        log.add("Write " + message.getWriteOffset());
        bytes.writeBytes(
            Arrays.copyOf(partial.getOrDefault(name, new byte[0]), (int) message.getWriteOffset()));
      }
      bytes.writeBytes(message.getData().toByteArray());
      partial.put(name, bytes.toByteArray());
      if (message.getFinishWrite()) {
        WriteResponse said =
            onWritten.apply(WriteResponse.newBuilder().setCommittedSize(bytes.size()).build());
        if (said.getCommittedSize() == bytes.size()) {
          has(bytes.toByteArray());
        }
        answer(answer, said);
      }
    }

    @Override
    public void onError(Throwable gone) {
      log.add("Write gone");
    }

    @Override
    public void onCompleted() {}
  }

  private final class Results extends ActionCacheImplBase {
    @Override
    public void getActionResult(
        GetActionResultRequest request, StreamObserver<ActionResult> answer) {
      log.add("GetActionResult");
      if (result.isPresent()) {
        answer(answer, result.get());
      } else {
        answer.onError(status(Code.NOT_FOUND, "unknown"));
      }
    }

    @Override
    public void updateActionResult(
        UpdateActionResultRequest request, StreamObserver<ActionResult> answer) {
      log.add("UpdateActionResult");
      result = Optional.of(request.getActionResult());
      answer(answer, request.getActionResult());
    }
  }

  private final class Workers extends ExecutionImplBase {
    @Override
    public void execute(ExecuteRequest request, StreamObserver<Operation> answer) {
      log.add("Execute");
      onExecute.accept(request, answer);
    }

    @Override
    public void waitExecution(WaitExecutionRequest request, StreamObserver<Operation> answer) {
      log.add("WaitExecution " + request.getName());
      onWait.accept(request, answer);
    }
  }

  private final class Ops extends OperationsImplBase {
    @Override
    public void cancelOperation(CancelOperationRequest request, StreamObserver<Empty> answer) {
      log.add("CancelOperation " + request.getName());
      answer(answer, Empty.getDefaultInstance());
    }
  }

  /** With details. */
  static StatusRuntimeException detailed(
      Code code, String message, com.google.protobuf.Any detail) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder().setCode(code.value()).setMessage(message).addDetails(detail).build());
  }
}
