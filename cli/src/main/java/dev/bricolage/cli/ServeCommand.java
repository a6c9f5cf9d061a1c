package dev.bricolage.cli;

import dev.bricolage.cli.serve.ServeOptions;
import dev.bricolage.fronts.reapi.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bric serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric serve [OPTION]...",
    description =
        "Serves the Remote Execution API to Bazel, Buck2 and others: a cache, and an executor whose"
            + " actions run in sandboxes and are remembered by what they really read. Ends at"
            + " Ctrl-C, when the calls under way have ended.",
    optionListHeading = "%nOptions:%n")
final class ServeCommand implements Verb {
  private static final int MOST_PORT = 65_535;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 for any. Default: 127.0.0.1:8980")
  String listen = "127.0.0.1:8980";

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description = "An instance that anybody may use who reaches the server. Default: ''")
  List<String> instances = List.of();

  @Option(
      names = "--tenants",
      paramLabel = "FILE",
      description = "Who may do what, by token or certificate, a line each: see the manual")
  String tenants = "";

  @Option(names = "--open", description = "Let anybody in from other machines, without tenants")
  boolean open;

  @Option(names = "--cache-only", description = "Run no actions")
  boolean cacheOnly;

  @Option(
      names = "--allow-updates",
      description = "Let clients write results of actions that they ran themselves")
  boolean updates;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Run N actions side by side. Default: as many as there are processors")
  int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--max-blob", paramLabel = "SIZE", description = "Take no larger blobs")
  String maxBlob = "";

  @Option(
      names = "--metrics",
      paramLabel = "[HOST:]PORT",
      description = "Show Prometheus what the server does, at http://HOST:PORT/metrics")
  String metrics = "";

  @Option(
      names = "--otlp",
      paramLabel = "URL",
      description =
          "Tell this OpenTelemetry collector where the time goes, by HTTP. Default:"
              + " $OTEL_EXPORTER_OTLP_ENDPOINT, else none")
  String otlp = "";

  @Option(names = "--tls-certificate", paramLabel = "FILE", description = "Certificates, PEM")
  String certificate = "";

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Their key, PEM, PKCS 8")
  String key = "";

  @Option(
      names = "--tls-clients",
      paramLabel = "FILE",
      description = "Clients must show a certificate that one of these has signed, PEM")
  String clients = "";

  @Override
  public int perform(Work work, Session session) throws Failure, IOException, InterruptedException {
    InetSocketAddress address = address("--listen", listen);
    boolean local = !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    if (!local && tenants.isEmpty() && !open) {
      throw new Failure(
          ExitStatus.USAGE,
          "serve: --listen "
              + listen
              + ": whoever reaches it could have programs run here; name who may with --tenants,"
              + " or say --open");
    }
    if (!tenants.isEmpty() && (updates || !instances.isEmpty())) {
      throw new Failure(
          ExitStatus.USAGE,
          "serve: --tenants: the file says who may do what, so leave out --instance and"
              + " --allow-updates");
    }
    if (jobs < 1) {
      throw new Failure(ExitStatus.USAGE, "serve: --jobs " + jobs + ": at least 1");
    }
    return work.serve(
        new ServeOptions(
            address,
            instances.isEmpty() ? List.of("") : instances,
            file(tenants, session),
            tls(session),
            !cacheOnly,
            updates,
            jobs,
            size(),
            metrics(),
            collector(session)),
        session);
  }

  private static InetSocketAddress address(String option, String text) throws Failure {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= MOST_PORT) {
        return new InetSocketAddress(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new Failure(ExitStatus.USAGE, "serve: " + option + " " + text + ": write HOST:PORT");
  }

  /** On this machine, unless a host says otherwise: the numbers name the instances. */
  private Optional<InetSocketAddress> metrics() throws Failure {
    if (metrics.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        address("--metrics", metrics.matches("\\d+") ? "127.0.0.1:" + metrics : metrics));
  }

  private Optional<String> collector(Session session) throws Failure {
    String url =
        otlp.isEmpty()
            ? session.environment().getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "")
            : otlp;
    if (!url.isEmpty() && !url.startsWith("http://") && !url.startsWith("https://")) {
      throw new Failure(
          ExitStatus.USAGE, "serve: --otlp " + url + ": write a URL such as http://localhost:4318");
    }
    return Optional.of(url).filter(given -> !given.isEmpty());
  }

  private OptionalLong size() throws Failure {
    OptionalLong bytes = ByteSize.parse(maxBlob);
    if (!maxBlob.isEmpty() && bytes.isEmpty()) {
      throw new Failure(
          ExitStatus.USAGE, "serve: --max-blob " + maxBlob + ": write a size such as 500M");
    }
    return bytes;
  }

  private Optional<Tls> tls(Session session) throws Failure {
    if (certificate.isEmpty() != key.isEmpty() || (certificate.isEmpty() && !clients.isEmpty())) {
      throw new Failure(
          ExitStatus.USAGE, "serve: --tls-certificate and --tls-key are given together");
    }
    return file(certificate, session)
        .map(path -> new Tls(path, session.directory().resolve(key), file(clients, session)));
  }

  private static Optional<Path> file(String name, Session session) {
    return name.isEmpty() ? Optional.empty() : Optional.of(session.directory().resolve(name));
  }
}
