package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;
import static dev.bricolage.fronts.reapi.Trial.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.tenant.Caller;
import dev.bricolage.fronts.reapi.tenant.Grants;
import dev.bricolage.fronts.reapi.tenant.Grants.Grant;
import dev.bricolage.fronts.reapi.tenant.Grants.Token;
import dev.bricolage.fronts.reapi.tenant.Tenant;
import dev.bricolage.remote.protocol.ContentAddressableStorageGrpc.ContentAddressableStorageBlockingStub;
import dev.bricolage.remote.protocol.Reapi.BatchUpdateBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.CacheCapabilities;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import dev.bricolage.remote.protocol.Reapi.FindMissingBlobsRequest;
import dev.bricolage.remote.protocol.Reapi.GetCapabilitiesRequest;
import dev.bricolage.remote.protocol.Reapi.ServerCapabilities;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who comes in, and what those see who do. */
@ParameterizedClass
@EnumSource(Trial.Transport.class)
final class AccessTest {
  private static final Instant START = Instant.ofEpochSecond(1_000_000);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final Trial trial;

  AccessTest(Trial.Transport transport) throws IOException {
    Tenant team = new Tenant("team", false, true, 1000);
    Grants grants =
        new Grants(
            List.of(
                new Grant(Token.of("s3cret"), team, Optional.empty()),
                new Grant(Token.of("today"), team, Optional.of(START.plus(Duration.ofHours(24))))),
            now::get);
    trial = new Trial(transport, Setup.USUAL.among(grants));
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private void ask(String header, String instance) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), header);
    ContentAddressableStorageBlockingStub cas =
        trial.cas().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    var answer =
        cas.findMissingBlobs(
            FindMissingBlobsRequest.newBuilder()
                .setInstanceName(instance)
                .addBlobDigests(digest("x"))
                .build());
    assertEquals(1, answer.getMissingBlobDigestsCount());
  }

  @Test
  void whoShowsATokenComesIn() {
    ask("Bearer s3cret", "team");
    ask("bearer s3cret", "team");
  }

  @Test
  void whoShowsNothingThatIsKnownDoesNot() {
    String message = "a bearer token or a client certificate known here is needed";
    refused(Code.UNAUTHENTICATED, message, () -> ask("Bearer wrong", "team"));
    refused(Code.UNAUTHENTICATED, message, () -> ask("Basic s3cret", "team"));
    refused(
        Code.UNAUTHENTICATED,
        message,
        () -> trial.cas().findMissingBlobs(FindMissingBlobsRequest.getDefaultInstance()));
  }

  @Test
  void aTokenEnds() {
    ask("Bearer today", "team");
    now.updateAndGet(time -> time.plus(Duration.ofHours(24)));
    refused(
        Code.UNAUTHENTICATED,
        "the token or certificate is no longer valid here",
        () -> ask("Bearer today", "team"));
    ask("Bearer s3cret", "team");
  }

  @Test
  void anInstanceThatIsAnothersAndOneThatIsNotSoundTheSame() {
    for (String instance : List.of("another", "")) {
      refused(
          Code.PERMISSION_DENIED,
          "the instance '%s' is not for this caller".formatted(instance),
          () -> ask("Bearer s3cret", instance));
    }
  }

  private Status put(byte[] bytes) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer s3cret");
    BatchUpdateBlobsRequest.Builder request =
        BatchUpdateBlobsRequest.newBuilder().setInstanceName("team");
    request.addRequestsBuilder().setDigest(digest(bytes)).setData(ByteString.copyFrom(bytes));
    return trial
        .cas()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .batchUpdateBlobs(request.build())
        .getResponses(0)
        .getStatus();
  }

  @Test
  void aTenantHoldsNoMoreThanItMay() {
    assertEquals(0, put(new byte[600]).getCode());
    assertEquals(0, put(new byte[600]).getCode(), "the same again is no more");
    Status status = put(new byte[500]);
    assertEquals(Code.RESOURCE_EXHAUSTED.value(), status.getCode());
    assertEquals(
        "the instance 'team' may hold 1000 bytes; 500 more are too many", status.getMessage());
    assertEquals(0, put(new byte[400]).getCode());
  }

  @Test
  void noLogHoldsAToken() {
    assertEquals(
        "the bearer of a token", new Caller(Optional.of("s3cret"), Optional.empty()).toString());
    assertFalse(Token.of("s3cret").toString().contains("s3cret"));
  }

  @Test
  void capabilitiesSayWhatTheTenantMay() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer s3cret");
    ServerCapabilities all =
        trial
            .capabilities()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .getCapabilities(GetCapabilitiesRequest.newBuilder().setInstanceName("team").build());
    CacheCapabilities cache = all.getCacheCapabilities();
    assertFalse(cache.getActionCacheUpdateCapabilities().getUpdateEnabled());
    assertEquals(List.of(DigestFunction.Value.SHA256), cache.getDigestFunctionsList());
    assertEquals(List.of(Compressor.Value.ZSTD), cache.getSupportedCompressorsList());
    assertEquals(3_932_160, cache.getMaxBatchTotalSizeBytes());
    assertEquals(64L << 30, cache.getMaxCasBlobSizeBytes());
    assertFalse(all.hasExecutionCapabilities());
    assertEquals(0, all.getLowApiVersion().getMinor());
    assertEquals(12, all.getHighApiVersion().getMinor());
  }

  @Test
  void anybodyMayAskWhetherItServes() {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(trial.channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(trial.channel)
            .check(
                HealthCheckRequest.newBuilder()
                    .setService("build.bazel.remote.execution.v2.ContentAddressableStorage")
                    .build())
            .getStatus());
  }

  @Test
  void anybodyMayAskWhatItSpeaks() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> to =
        ServerReflectionGrpc.newStub(trial.channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    to.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> names =
        answer.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
            .map(ServiceResponse::getName)
            .sorted()
            .toList();
    to.onCompleted();
    assertEquals(
        List.of(
            "build.bazel.remote.execution.v2.ActionCache",
            "build.bazel.remote.execution.v2.Capabilities",
            "build.bazel.remote.execution.v2.ContentAddressableStorage",
            "google.bytestream.ByteStream",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection"),
        names);
  }

  @Test
  void aServerThatDrainsFinishesAndTakesNoMore() throws Exception {
    assertTrue(trial.server.drain(Duration.ofSeconds(10)));
  }
}
