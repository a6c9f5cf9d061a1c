package dev.bricolage.fronts.reapi.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Spans that are sent to a collector in batches, by OTLP over HTTP. A collector that is not there
 * costs spans and nothing else: they are dropped, and a line says so in the log.
 */
public final class OtlpSpans implements Spans, AutoCloseable {
  private static final TextMapGetter<String> TRACEPARENT =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // nobody asks, but it must be there
        public Iterable<String> keys(String parent) {
          return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable String parent, String key) {
          return key.equals("traceparent") ? parent : null;
        }
      };

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /**
   * To this collector.
   *
   * @param endpoint its base, such as {@code http://localhost:4318}, as {@code
   *     OTEL_EXPORTER_OTLP_ENDPOINT} has it
   * @throws IllegalArgumentException when that is no URL
   */
  public OtlpSpans(String endpoint) {
    String base = endpoint.endsWith("/") ? endpoint : endpoint + "/";
    provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(AttributeKey.stringKey("service.name"), "bric-serve"))))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder().setEndpoint(base + "v1/traces").build())
                    .build())
            .build();
    tracer = provider.get("dev.bricolage.fronts.reapi");
  }

  @Override
  public Span begin(String name, Optional<String> parent) {
    Context context =
        parent.isEmpty()
            ? Context.root()
            : W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), parent.get(), TRACEPARENT);
    return new Sent(
        tracer, tracer.spanBuilder(name).setSpanKind(SpanKind.SERVER).setParent(context));
  }

  /** Sends what is left, if the collector takes it. */
  @Override
  public void close() {
    var _ = provider.shutdown().join(5, TimeUnit.SECONDS);
  }

  private static final class Sent implements Span {
    private final Tracer tracer;
    private final io.opentelemetry.api.trace.Span span;

    Sent(Tracer tracer, SpanBuilder builder) {
      this.tracer = tracer;
      this.span = builder.startSpan();
    }

    @Override
    public Span child(String name) {
      return new Sent(tracer, tracer.spanBuilder(name).setParent(Context.root().with(span)));
    }

    @Override
    public void note(String key, String value) {
      var _ = span.setAttribute(key, value);
    }

    @Override
    public void end() {
      span.end();
    }

    @Override
    public void failed(String why) {
      var _ = span.setStatus(StatusCode.ERROR, why);
      span.end();
    }
  }
}
