package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.fronts.reapi.Trial.Setup;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.trace.OtlpSpans;
import dev.bricolage.remote.protocol.ActionCacheGrpc;
import dev.bricolage.remote.protocol.Reapi.GetActionResultRequest;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a collector hears, one of our own that reads OTLP by the numbers of its fields. */
@Timeout(30)
final class OtlpSpansTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
  private HttpServer collector;

  /** A span as it came. */
  private record Heard(String trace, String id, String parent, String name, boolean failed) {}

  OtlpSpansTest() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void open() {
    collector.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            heard.add(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
  }

  @AfterEach
  void close() {
    collector.stop(0);
  }

  private Map<String, Heard> spans() throws IOException {
    Map<String, Heard> spans = new HashMap<>();
    for (byte[] message : heard) {
      for (ByteString resource : parts(UnknownFieldSet.parseFrom(message), 1)) {
        for (ByteString scope : parts(UnknownFieldSet.parseFrom(resource), 2)) {
          for (ByteString span : parts(UnknownFieldSet.parseFrom(scope), 2)) {
            Heard one = span(UnknownFieldSet.parseFrom(span));
            spans.put(one.name(), one);
          }
        }
      }
    }
    return spans;
  }

  private static List<ByteString> parts(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList();
  }

  private static Heard span(UnknownFieldSet span) throws IOException {
    boolean failed = false;
    for (ByteString status : parts(span, 15)) {
      failed = UnknownFieldSet.parseFrom(status).getField(3).getVarintList().contains(2L);
    }
    return new Heard(
        hex(span, 1), hex(span, 2), hex(span, 4), parts(span, 5).getFirst().toStringUtf8(), failed);
  }

  private static String hex(UnknownFieldSet span, int field) {
    List<ByteString> parts = parts(span, field);
    return parts.isEmpty() ? "" : HexFormat.of().formatHex(parts.getFirst().toByteArray());
  }

  private static Heard named(Map<String, Heard> all, String name) {
    return Optional.ofNullable(all.get(name))
        .orElseThrow(() -> new AssertionError("no span '" + name + "' in " + all));
  }

  private static Executed finished() {
    return new Executed.Finished(
        new Outcome(0, new TreeMap<>(), Set.of(), List.of(), Digest.EMPTY, Digest.EMPTY, List.of()),
        Instant.EPOCH,
        Instant.EPOCH,
        false);
  }

  @Test
  void aCallAndItsActionAreSpansBelowTheCallers() throws Exception {
    OtlpSpans spans = new OtlpSpans("http://127.0.0.1:" + collector.getAddress().getPort());
    Setup setup =
        Setup.USUAL.running((work, progress) -> {
          progress.started();
          return finished();
        });
    try (Trial trial = new Trial(Trial.Transport.MEMORY, setup, spans)) {
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
          "00-%s-%s-01".formatted(TRACE, CALLER));
      trial
          .execution()
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
          .execute(SmallAction.upload(trial, "", "one"))
          .forEachRemaining(stage -> {});
      try {
        var _ =
            ActionCacheGrpc.newBlockingStub(trial.channel)
                .getActionResult(
                    GetActionResultRequest.newBuilder().setActionDigest(digest("none")).build());
      } catch (StatusRuntimeException notThere) {
        // As it should be.
      }
    }
    spans.close();
    Map<String, Heard> all = spans();
    Heard call = named(all, "build.bazel.remote.execution.v2.Execution/Execute");
    Heard action = named(all, "action");
    assertEquals(TRACE, call.trace());
    assertEquals(CALLER, call.parent());
    assertEquals(call.id(), action.parent());
    assertEquals(call.id(), named(all, "fetch inputs").parent());
    for (String stage : List.of("queue", "run", "store outputs")) {
      assertEquals(action.id(), named(all, stage).parent(), stage);
      assertEquals(TRACE, named(all, stage).trace(), stage);
    }
    Heard other = named(all, "build.bazel.remote.execution.v2.ActionCache/GetActionResult");
    assertEquals("", other.parent());
    assertTrue(other.failed());
    assertTrue(!call.failed() && !action.failed());
  }
}
