package dev.bricolage.fronts.reapi.trace;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A span for each call, with the attributes that OpenTelemetry's conventions name. */
public final class Tracing implements ServerInterceptor {
  private static final Metadata.Key<String> PARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Span> CURRENT = Context.keyWithDefault("span", Span.NONE);

  private final Spans spans;

  /** Begins spans there. */
  public Tracing(Spans spans) {
    this.spans = spans;
  }

  /** The span of the call that this thread works for. */
  public static Span current() {
    return CURRENT.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String name = call.getMethodDescriptor().getFullMethodName();
    Span span = spans.begin(name, Optional.ofNullable(headers.get(PARENT)));
    span.note("rpc.system", "grpc");
    span.note("rpc.service", name.substring(0, name.lastIndexOf('/')));
    span.note("rpc.method", name.substring(name.lastIndexOf('/') + 1));
    Once once = new Once(span);
    ServerCall<Q, A> told =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            once.end(status);
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(Context.current().withValue(CURRENT, span), told, headers, next)) {
      @Override
      public void onCancel() {
        once.end(Status.CANCELLED);
        super.onCancel();
      }
    };
  }

  /** A call may be closed by us and cancelled by its client. */
  private static final class Once {
    private final Span span;
    private final AtomicBoolean ended = new AtomicBoolean();

    Once(Span span) {
      this.span = span;
    }

    void end(Status status) {
      if (ended.getAndSet(true)) {
        return;
      }
      span.note("rpc.grpc.status_code", "" + status.getCode().value());
      if (status.isOk()) {
        span.end();
      } else {
        span.failed(Objects.requireNonNullElse(status.getDescription(), status.getCode().name()));
      }
    }
  }
}
