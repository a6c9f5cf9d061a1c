package dev.bricolage.fronts.reapi;

import dev.bricolage.fronts.reapi.cas.ByteStreamService;
import dev.bricolage.fronts.reapi.cas.CasService;
import dev.bricolage.fronts.reapi.cas.Uploads;
import dev.bricolage.fronts.reapi.execution.ExecutionService;
import dev.bricolage.fronts.reapi.execution.Operations;
import dev.bricolage.fronts.reapi.execution.OperationsService;
import dev.bricolage.fronts.reapi.metrics.ActionMeters;
import dev.bricolage.fronts.reapi.metrics.CallMeters;
import dev.bricolage.fronts.reapi.metrics.Meters;
import dev.bricolage.fronts.reapi.results.ActionCacheService;
import dev.bricolage.fronts.reapi.results.ResultCache;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.tenant.Caller;
import dev.bricolage.fronts.reapi.trace.Spans;
import dev.bricolage.fronts.reapi.trace.Tracing;
import dev.bricolage.fronts.reapi.wire.Refusals;
import dev.bricolage.fronts.reapi.wire.Tails;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A running server. Each call has a virtual thread; a slow disk or a slow client stops that thread
 * and nobody else.
 */
public final class ReapiServer implements AutoCloseable {
  /**
   * How much of one stream may be on its way to us: below it a client on a fast link waits for us
   * after every few messages.
   */
  private static final int WINDOW_BYTES = 4 << 20;

  private static final Duration CUTTING_OFF = Duration.ofSeconds(5);

  private static final Duration SWEEP = Duration.ofMinutes(1);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("reapi").factory());
  private final HealthStatusManager health = new HealthStatusManager();
  private final Uploads uploads;
  private final Tails tails = new Tails();
  private final Operations operations;
  private final Meters meters = new Meters();
  private final Server server;

  private ReapiServer(ServerBuilder<?> builder, Parts parts, Spans spans) throws IOException {
    uploads = new Uploads(parts.limits(), parts.clock());
    operations = new Operations(parts.limits().executions(), parts.clock(), tails);
    install(builder, parts, spans);
    server = builder.build().start();
    var _ =
        timer.scheduleWithFixedDelay(
            this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Starts one that listens at {@code address}, in the clear unless {@code tls} is given. */
  public static ReapiServer start(SocketAddress address, Optional<Tls> tls, Parts parts)
      throws IOException {
    return start(address, tls, parts, Spans.NONE);
  }

  /** The same, telling where its time goes. */
  public static ReapiServer start(
      SocketAddress address, Optional<Tls> tls, Parts parts, Spans spans) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .flowControlWindow(WINDOW_BYTES)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    if (tls.isPresent()) {
      builder.sslContext(tls.get().context());
    }
    return start(builder, parts, spans);
  }

  /** Starts one on a transport of the caller's. */
  static ReapiServer start(ServerBuilder<?> builder, Parts parts) throws IOException {
    return start(builder, parts, Spans.NONE);
  }

  /** The same, telling where its time goes. */
  static ReapiServer start(ServerBuilder<?> builder, Parts parts, Spans spans) throws IOException {
    return new ReapiServer(builder, parts, spans);
  }

  private void install(ServerBuilder<?> builder, Parts parts, Spans spans) {
    Admission admission =
        new Admission(
            parts.tenants(), parts.blobs(), parts.holdings(), parts.limits(), parts.clock());
    ResultCache results = new ResultCache(parts.results(), parts.limits().folders());
    List<BindableService> services = new ArrayList<>();
    services.add(new CapabilitiesService(admission, parts.executor().isPresent()));
    services.add(new CasService(admission, parts.faults()));
    services.add(new ByteStreamService(admission, uploads, tails));
    services.add(new ActionCacheService(admission, results));
    if (parts.executor().isPresent()) {
      services.add(
          new ExecutionService(
              admission,
              results,
              operations,
              parts.executor().get(),
              new ActionMeters(meters),
              parts.faults()));
      services.add(new OperationsService(admission, operations));
    }
    meters.gauge("bric_uploads_open", "Streamed uploads begun and not ended.", uploads::count);
    meters.gauges(
        "bric_held_bytes",
        "Bytes that an instance holds of those it may.",
        "instance",
        admission::held);
    CallMeters calls = new CallMeters(meters);
    builder.addStreamTracerFactory(calls);
    Tracing tracing = new Tracing(spans);
    Refusals refusals = new Refusals(parts.faults());
    for (BindableService service : services) {
      ServerServiceDefinition bound = service.bindService();
      calls.know(bound);
      builder.addService(
          ServerInterceptors.intercept(bound, refusals, Caller.interceptor(), tracing));
      health.setStatus(bound.getServiceDescriptor().getName(), ServingStatus.SERVING);
    }
    builder
        .executor(threads)
        .maxInboundMessageSize(parts.limits().messageBytes())
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance());
  }

  private void sweep() {
    uploads.sweep();
    operations.sweep();
  }

  /** The port it listens at. */
  public int port() {
    return server.getPort();
  }

  /** What it does in numbers; the caller may add its own. */
  public Meters meters() {
    return meters;
  }

  /** How many uploads have begun and not ended. */
  public int uploads() {
    return uploads.count();
  }

  /**
   * Takes no more calls and lets those under way come to their end.
   *
   * @return whether they did within this time; those that did not were cut off
   */
  public boolean drain(Duration patience) throws InterruptedException {
    health.enterTerminalState();
    server.shutdown();
    boolean ended = server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    close();
    return ended;
  }

  /** Cuts off whatever is under way. */
  @Override
  public void close() {
    server.shutdownNow();
    operations.close();
    timer.shutdownNow();
    awaitEnd();
    threads.shutdownNow();
    uploads.close();
  }

  /** Connections that are being closed still have something to run. */
  private void awaitEnd() {
    try {
      server.awaitTermination(CUTTING_OFF.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
