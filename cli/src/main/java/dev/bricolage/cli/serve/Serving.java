package dev.bricolage.cli.serve;

import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.reapi.Parts;
import dev.bricolage.fronts.reapi.ReapiServer;
import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.execution.SandboxedExecutor;
import dev.bricolage.fronts.reapi.tenant.Grants;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.fronts.reapi.trace.OtlpSpans;
import dev.bricolage.fronts.reapi.trace.Spans;
import dev.bricolage.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** The server on the house's own store and sandboxes. */
public final class Serving {
  /** What is under way when the server is asked to end has so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a result is kept that nobody asks for. */
  public static final Duration UNUSED = Duration.ofDays(90);

  private final Store store;
  private final Runs runs;

  /** Over these parts. */
  public Serving(Store store, Runs runs) {
    this.store = store;
    this.runs = runs;
  }

  /**
   * Forgets the results that nobody can be given any more, because their blobs were collected, and
   * those that nobody asked for since {@link #UNUSED}.
   *
   * @return how many
   */
  public static long forgetResults(Store store, InstantSource clock) {
    return StoredResults.forget(store, clock.instant().minus(UNUSED));
  }

  /**
   * Serves until the thread is interrupted; then takes no more calls and lets those under way end,
   * unless it is interrupted again.
   *
   * @param tell hears lines for the person who started it
   * @param faults hears of mistakes of ours, which clients do not see
   * @throws dev.bricolage.workspace.UserError when the file of tenants is not understood
   * @throws IOException when it cannot listen there, or TLS's files are not what they should be
   */
  public void serve(ServeOptions options, Consumer<String> tell, Consumer<Throwable> faults)
      throws IOException, InterruptedException {
    if (options.otlp().isEmpty()) {
      serve(options, Spans.NONE, tell, faults);
      return;
    }
    try (OtlpSpans spans = new OtlpSpans(options.otlp().get())) {
      serve(options, spans, tell, faults);
    }
  }

  private void serve(
      ServeOptions options, Spans spans, Consumer<String> tell, Consumer<Throwable> faults)
      throws IOException, InterruptedException {
    try (ReapiServer server =
        ReapiServer.start(options.address(), options.tls(), parts(options, faults), spans)) {
      StoreMeters.add(server.meters(), store, InstantSource.system());
      Optional<MetricsPage> page = metrics(options, server);
      try {
        serve(options, server, page, tell);
      } finally {
        page.ifPresent(MetricsPage::close);
      }
    }
  }

  private static Optional<MetricsPage> metrics(ServeOptions options, ReapiServer server)
      throws IOException {
    return options.metrics().isEmpty()
        ? Optional.empty()
        : Optional.of(MetricsPage.start(options.metrics().get(), server.meters()));
  }

  private static void serve(
      ServeOptions options, ReapiServer server, Optional<MetricsPage> page, Consumer<String> tell)
      throws InterruptedException {
    tell.accept(
        "serving the Remote Execution API at %s:%d%s"
            .formatted(
                options.address().getHostString(),
                server.port(),
                options.executes() ? "" : ", as a cache only"));
    page.ifPresent(at ->
        tell.accept(
            "metrics at http://%s:%d/metrics"
                .formatted(options.metrics().orElseThrow().getHostString(), at.port())));
    if (options.tenants().isPresent()
        && options.tls().isEmpty()
        && !options.address().getAddress().isLoopbackAddress()) {
      tell.accept("tokens come in clear text: give --tls-certificate and --tls-key");
    }
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException asked) {
      tell.accept("ending: calls under way have " + PATIENCE.toSeconds() + " s");
      server.drain(PATIENCE);
    }
  }

  private Parts parts(ServeOptions options, Consumer<Throwable> faults) throws IOException {
    Optional<ActionExecutor> executor =
        options.executes()
            ? Optional.of(new SandboxedExecutor(runs, store::lease, options.jobs()))
            : Optional.empty();
    Limits limits =
        options.blobBytes().isPresent()
            ? Limits.USUAL.withBlobBytes(options.blobBytes().getAsLong())
            : Limits.USUAL;
    return new Parts(
        store.blobs(),
        new StoredHoldings(store.shelf("holdings"), InstantSource.system()),
        new StoredResults(store),
        tenants(options),
        executor,
        limits,
        InstantSource.system(),
        faults);
  }

  private static Tenants tenants(ServeOptions options) throws IOException {
    if (options.tenants().isPresent()) {
      return new Grants(TenantsFile.read(options.tenants().get()), InstantSource.system());
    }
    return Tenants.open(Set.copyOf(options.instances()), options.updates(), options.executes());
  }
}
