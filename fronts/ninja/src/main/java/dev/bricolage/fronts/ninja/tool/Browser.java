package dev.bricolage.fronts.ninja.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * {@code -t browse}: the graph as pages, one for each path, served on this machine until the user
 * ends it. Ninja starts a program in Python for it; the pages are at the same addresses.
 */
final class Browser {
  private static final int FOUND = 302;
  private static final int WELL = 200;
  private static final int NOT_THERE = 404;

  private final Manifest manifest;
  private final String first;

  /** Shows a manifest, beginning with a path. */
  Browser(Manifest manifest, String first) {
    this.manifest = manifest;
    this.first = first;
  }

  /**
   * Serves until the thread is interrupted.
   *
   * @param host where to listen; who may ask is who can reach it
   * @return the exit status
   */
  int serve(String host, int port, Bench bench) throws NinjaError {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException | IllegalArgumentException e) {
      throw NinjaError.error(
          "cannot serve at %s:%d: %s; name another --port".formatted(host, port, e.getMessage()));
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    bench.line(
        "Web server running on %s:%d, ctl-C to abort..."
            .formatted(host, server.getAddress().getPort()));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      server.stop(0);
    }
    return 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getRawQuery();
      if (query == null || query.isEmpty()) {
        exchange.getResponseHeaders().set("Location", "/?" + URLEncoder.encode(first, UTF_8));
        exchange.sendResponseHeaders(FOUND, -1);
        return;
      }
      String path = URLDecoder.decode(query, UTF_8);
      int number = manifest.findPath(path);
      boolean known = number != Manifest.NONE;
      byte[] page =
          (known ? page(number) : page("unknown target", "<p>" + text(path) + "</p>"))
              .getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
      exchange.sendResponseHeaders(known ? WELL : NOT_THERE, page.length);
      exchange.getResponseBody().write(page);
    }
  }

  private String page(int path) {
    StringBuilder body = new StringBuilder();
    int producer = manifest.producer(path);
    if (producer != Manifest.NONE) {
      Edge edge = manifest.edge(producer);
      body.append("<h2>target is built using rule <tt>")
          .append(text(edge.ruleName()))
          .append("</tt> of</h2>\n");
      list(body, "", edge.explicitInputs());
      list(body, "implicit", edge.implicitInputs());
      list(body, "order-only", edge.orderOnlyInputs());
      list(body, "validated by", edge.validations());
    }
    Ints consumers = manifest.consumers(path);
    if (!consumers.isEmpty()) {
      body.append("<h2>dependent edges build:</h2>\n");
      for (int consumer : consumers.stream().toArray()) {
        list(body, "", manifest.edge(consumer).outputs());
      }
    }
    return page(manifest.path(path), body.toString());
  }

  private void list(StringBuilder body, String kind, Ints paths) {
    for (int path : paths.stream().toArray()) {
      String name = manifest.path(path);
      body.append("<tt><a href=\"?")
          .append(URLEncoder.encode(name, UTF_8))
          .append("\">")
          .append(text(name))
          .append("</a></tt> ")
          .append(kind)
          .append("<br>\n");
    }
  }

  private static String page(String title, String body) {
    return """
    <!DOCTYPE html>
    <meta charset="utf-8">
    <title>%1$s</title>
    <style>body { font-family: sans-serif } h1 { font-size: 120%% } h2 { font-size: 100%% }</style>
    <h1><tt>%1$s</tt></h1>
    %2$s\
    """
        .formatted(text(title), body);
  }

  private static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
