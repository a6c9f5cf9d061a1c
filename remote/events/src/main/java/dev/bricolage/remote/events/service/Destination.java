package dev.bricolage.remote.events.service;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A build event service, and how it is to be sent to.
 *
 * @param secret whether the connection is TLS
 * @param headers sent with each call
 * @param project what the service calls the project, or its instance; may be empty
 * @param patience how long to wait when the build has ended; empty: until nothing succeeds any more
 * @param waits whether the build waits at all; else the rest is sent behind its back
 * @param results where people will find it, but for the invocation's name
 * @param scratch a folder for what does not fit into memory
 */
public record Destination(
    String host,
    int port,
    boolean secret,
    List<Header> headers,
    String project,
    Optional<Duration> patience,
    boolean waits,
    Optional<String> results,
    Path scratch) {
  private static final int PORT = 1985;
  private static final int SECRET_PORT = 443;

  /** Copies. */
  public Destination {
    headers = List.copyOf(headers);
  }

  /** A header of HTTP/2. */
  public record Header(String name, String value) {
    /** Refuses a name that cannot travel. */
    public Header {
      if (!name.matches("[A-Za-z0-9_.-]+")) {
        throw new IllegalArgumentException("no name of a header: '" + name + "'");
      }
    }
  }

  /** A host, a port, and whether it is TLS. */
  public record Place(String host, int port, boolean secret) {
    /**
     * Reads {@code grpc://host:port}, {@code grpcs://host:port} or {@code host:port}, which is TLS
     * as with Bazel.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Place parse(String text) {
      String whole = text.contains("://") ? text : "grpcs://" + text;
      URI uri = URI.create(whole);
      boolean secret = "grpcs".equals(uri.getScheme());
      if (!secret && !"grpc".equals(uri.getScheme())) {
        throw new IllegalArgumentException("write grpc://HOST:PORT or grpcs://HOST:PORT");
      }
      if (uri.getHost() == null || !(uri.getPath() + "").matches("/?")) {
        throw new IllegalArgumentException("no host and port");
      }
      int port = uri.getPort() >= 0 ? uri.getPort() : secret ? SECRET_PORT : PORT;
      return new Place(uri.getHost(), port, secret);
    }
  }

  String name() {
    return host + ":" + port;
  }
}
