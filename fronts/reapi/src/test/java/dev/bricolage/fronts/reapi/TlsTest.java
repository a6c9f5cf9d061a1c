package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Grants;
import dev.bricolage.fronts.reapi.tenant.Grants.Certificate;
import dev.bricolage.fronts.reapi.tenant.Grants.Grant;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenant;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.store.MemoryBlobs;
import dev.bricolage.testkit.PemPair;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that vouch for themselves; whom the other side trusts is told to it. */
final class TlsTest {
  @TempDir Path folder;
  private Optional<ReapiServer> server = Optional.empty();
  private Optional<PemPair> ours = Optional.empty();
  private Optional<PemPair> theirs = Optional.empty();

  private PemPair pair(String name) throws Exception {
    return PemPair.make(folder, name);
  }

  @BeforeEach
  void start() throws Exception {
    ours = Optional.of(pair("server"));
    theirs = Optional.of(pair("client"));
    Grants grants =
        new Grants(
            List.of(
                new Grant(new Certificate("CN=client"), Tenant.trusted("team"), Optional.empty())),
            InstantSource.system());
    Parts parts =
        new Parts(
            new MemoryBlobs(),
            Holdings.memory(),
            ActionResults.memory(),
            grants,
            Optional.empty(),
            Limits.USUAL,
            InstantSource.system(),
            failure -> {});
    Tls tls =
        new Tls(
            ours.get().certificate(), ours.get().key(), Optional.of(theirs.get().certificate()));
    server =
        Optional.of(
            ReapiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(tls),
                parts));
  }

  @AfterEach
  void close() {
    server.ifPresent(ReapiServer::close);
  }

  private int missing(String instance, Consumer<SslContextBuilder> shows) throws IOException {
    SslContextBuilder ssl =
        GrpcSslContexts.forClient().trustManager(ours.orElseThrow().certificate().toFile());
    shows.accept(ssl);
    return missing(
        instance,
        NettyChannelBuilder.forAddress("localhost", server.orElseThrow().port())
            .sslContext(ssl.build()));
  }

  private static int missing(String instance, NettyChannelBuilder builder) {
    ManagedChannel channel = builder.build();
    try {
      return ContentAddressableStorageGrpc.newBlockingStub(channel)
          .findMissingBlobs(
              FindMissingBlobsRequest.newBuilder()
                  .setInstanceName(instance)
                  .addBlobDigests(digest("x"))
                  .build())
          .getMissingBlobDigestsCount();
    } finally {
      channel.shutdownNow();
    }
  }

  private void show(SslContextBuilder ssl, PemPair pair) {
    ssl.keyManager(pair.certificate().toFile(), pair.key().toFile());
  }

  private static void unavailable(org.junit.jupiter.api.function.Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(Code.UNAVAILABLE, e.getStatus().getCode());
  }

  @Test
  void aCertificateIsWhoItIs() throws IOException {
    assertEquals(1, missing("team", ssl -> show(ssl, theirs.orElseThrow())));
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () -> missing("another", ssl -> show(ssl, theirs.orElseThrow())));
    assertEquals(
        "PERMISSION_DENIED: the instance 'another' is not for this caller", e.getMessage());
  }

  @Test
  void whoHasNoneOrAnothersIsNotHeard() throws Exception {
    unavailable(() -> missing("team", ssl -> {}));
    PemPair stranger = pair("stranger");
    unavailable(() -> missing("team", ssl -> show(ssl, stranger)));
  }

  @Test
  void whoSpeaksInTheClearIsNotHeard() {
    unavailable(() ->
        missing(
            "team",
            NettyChannelBuilder.forAddress("localhost", server.orElseThrow().port())
                .usePlaintext()));
  }

  @Test
  void filesThatAreNoneAreToldAtTheStart() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.pem"), "no certificate");
    IOException e =
        assertThrows(IOException.class, () -> new Tls(bad, bad, Optional.empty()).context());
    assertEquals(
        "not a PEM certificate and its PKCS 8 key: %s, %s".formatted(bad, bad), e.getMessage());
  }
}
