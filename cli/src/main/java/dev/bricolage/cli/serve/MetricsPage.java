package dev.bricolage.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bricolage.fronts.reapi.metrics.Meters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server's meters at {@code /metrics}, for Prometheus to fetch. */
final class MetricsPage implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private MetricsPage(HttpServer server) {
    this.server = server;
  }

  /** Serves them until it is closed. */
  static MetricsPage start(InetSocketAddress address, Meters meters) throws IOException {
    MetricsPage page = new MetricsPage(HttpServer.create(address, 0));
    page.server.setExecutor(page.threads);
    page.server.createContext("/", exchange -> answer(exchange, meters));
    page.server.start();
    return page;
  }

  private static void answer(HttpExchange exchange, Meters meters) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/metrics")) {
        send(exchange, 404, "text/plain", "the metrics are at /metrics\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "text/plain", "metrics are read with GET\n");
      } else {
        send(exchange, 200, Meters.CONTENT_TYPE, meters.text());
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The port it listens at. */
  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
