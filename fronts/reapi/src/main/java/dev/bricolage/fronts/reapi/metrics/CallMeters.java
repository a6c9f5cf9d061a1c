package dev.bricolage.fronts.reapi.metrics;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts every call, under the names that gRPC's own instrumentation for Prometheus uses, so that
 * dashboards made for those show this server too. Calls of methods that there are not have one name
 * together: clients choose it.
 */
public final class CallMeters extends ServerStreamTracer.Factory {
  private static final String UNKNOWN = "unknown";

  private final Set<String> methods = ConcurrentHashMap.newKeySet();
  private final Meters.Counter started;
  private final Meters.Counter handled;
  private final Meters.Histogram seconds;
  private final Meters.Counter received;
  private final Meters.Counter sent;

  /** Counts in {@code meters}. */
  public CallMeters(Meters meters) {
    started =
        meters.counter("grpc_server_started_total", "Calls begun.", "grpc_service", "grpc_method");
    handled =
        meters.counter(
            "grpc_server_handled_total",
            "Calls ended, by their status.",
            "grpc_service",
            "grpc_method",
            "grpc_code");
    seconds =
        meters.histogram(
            "grpc_server_handling_seconds",
            "How long calls took, to their last byte.",
            "grpc_service",
            "grpc_method");
    received =
        meters.counter(
            "bric_received_bytes_total",
            "Bytes of messages that came in, as they were on the wire.",
            "grpc_service",
            "grpc_method");
    sent =
        meters.counter(
            "bric_sent_bytes_total",
            "Bytes of messages that went out, as they were on the wire.",
            "grpc_service",
            "grpc_method");
  }

  /** From now on calls of this service's methods are counted by name. */
  public void know(ServerServiceDefinition service) {
    service
        .getMethods()
        .forEach(method -> methods.add(method.getMethodDescriptor().getFullMethodName()));
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    boolean known = methods.contains(fullMethodName);
    String service = known ? MethodDescriptor.extractFullServiceName(fullMethodName) : UNKNOWN;
    String method = known ? fullMethodName.substring(fullMethodName.lastIndexOf('/') + 1) : UNKNOWN;
    return new Tracer(service == null ? UNKNOWN : service, method);
  }

  private final class Tracer extends ServerStreamTracer {
    private final String service;
    private final String method;
    private final long begun = System.nanoTime();

    Tracer(String service, String method) {
      this.service = service;
      this.method = method;
      started.add(1, service, method);
    }

    @Override
    public void inboundWireSize(long bytes) {
      received.add(bytes, service, method);
    }

    @Override
    public void outboundWireSize(long bytes) {
      sent.add(bytes, service, method);
    }

    @Override
    public void streamClosed(Status status) {
      handled.add(1, service, method, status.getCode().name());
      seconds.took(Duration.ofNanos(System.nanoTime() - begun), service, method);
    }
  }
}
