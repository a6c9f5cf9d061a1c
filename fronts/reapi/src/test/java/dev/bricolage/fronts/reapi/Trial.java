package dev.bricolage.fronts.reapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.fronts.reapi.trace.Spans;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.remote.protocol.ActionCacheGrpc;
import dev.bricolage.remote.protocol.ActionCacheGrpc.ActionCacheBlockingStub;
import dev.bricolage.remote.protocol.ByteStreamGrpc;
import dev.bricolage.remote.protocol.ByteStreamGrpc.ByteStreamBlockingStub;
import dev.bricolage.remote.protocol.ByteStreamGrpc.ByteStreamStub;
import dev.bricolage.remote.protocol.CapabilitiesGrpc;
import dev.bricolage.remote.protocol.CapabilitiesGrpc.CapabilitiesBlockingStub;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc.ContentAddressableStorageBlockingStub;
import dev.bricolage.remote.protocol.ExecutionGrpc;
import dev.bricolage.remote.protocol.ExecutionGrpc.ExecutionBlockingStub;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.store.MemoryBlobs;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.function.Executable;

/** A server over memory, a client of it, and a clock that stands still. */
final class Trial implements AutoCloseable {
  /** What is between the two. */
  enum Transport {
    MEMORY,
    TCP
  }

  final MemoryBlobs blobs = new MemoryBlobs();
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1_000_000));
  final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
  final ReapiServer server;
  final ManagedChannel channel;

  /** How a trial differs from the usual one. */
  record Setup(Tenants tenants, Limits limits, Optional<ActionExecutor> runs) {
    static final Setup USUAL = new Setup(Tenants.open("", "other"), Limits.USUAL, Optional.empty());

    Setup among(Tenants others) {
      return new Setup(others, limits, runs);
    }

    Setup with(Limits others) {
      return new Setup(tenants, others, runs);
    }

    Setup running(ActionExecutor executor) {
      return new Setup(tenants, limits, Optional.of(executor));
    }
  }

  Trial(Transport transport) throws IOException {
    this(transport, Setup.USUAL);
  }

  Trial(Transport transport, Setup setup) throws IOException {
    this(transport, setup, Spans.NONE);
  }

  Trial(Transport transport, Setup setup, Spans spans) throws IOException {
    Parts parts =
        new Parts(
            blobs,
            Holdings.memory(),
            ActionResults.memory(),
            setup.tenants(),
            setup.runs(),
            setup.limits(),
            now::get,
            faults::add);
    if (transport == Transport.MEMORY) {
      String name = UUID.randomUUID().toString();
      server = ReapiServer.start(InProcessServerBuilder.forName(name), parts, spans);
      channel = InProcessChannelBuilder.forName(name).build();
    } else {
      server =
          ReapiServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              Optional.empty(),
              parts,
              spans);
      channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
              .usePlaintext()
              .build();
    }
  }

  ContentAddressableStorageBlockingStub cas() {
    return ContentAddressableStorageGrpc.newBlockingStub(channel);
  }

  ByteStreamBlockingStub bytes() {
    return ByteStreamGrpc.newBlockingStub(channel);
  }

  ByteStreamStub streams() {
    return ByteStreamGrpc.newStub(channel);
  }

  ActionCacheBlockingStub results() {
    return ActionCacheGrpc.newBlockingStub(channel);
  }

  CapabilitiesBlockingStub capabilities() {
    return CapabilitiesGrpc.newBlockingStub(channel);
  }

  ExecutionBlockingStub execution() {
    return ExecutionGrpc.newBlockingStub(channel);
  }

  /** Uploads these as the client of an instance does. */
  void upload(String instance, byte[]... all) {
    BatchUpdateBlobsRequest.Builder request =
        BatchUpdateBlobsRequest.newBuilder().setInstanceName(instance);
    for (byte[] bytes : all) {
      request.addRequestsBuilder().setDigest(digest(bytes)).setData(ByteString.copyFrom(bytes));
    }
    cas()
        .batchUpdateBlobs(request.build())
        .getResponsesList()
        .forEach(response -> assertEquals(0, response.getStatus().getCode()));
  }

  static Reapi.Digest digest(byte[] bytes) {
    return Digests.write(Digest.of(bytes));
  }

  static Reapi.Digest digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What a call that must be refused was refused with. */
  static StatusRuntimeException refused(Code code, String message, Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code + ": " + message, e.getMessage());
    return e;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
    assertTrue(faults.isEmpty(), () -> "mistakes of the server: " + faults);
  }
}
