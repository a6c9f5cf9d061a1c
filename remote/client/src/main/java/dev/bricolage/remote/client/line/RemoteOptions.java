package dev.bricolage.remote.client.line;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a server is and how to speak to it.
 *
 * @param target {@code grpc://HOST:PORT} in the clear, {@code grpcs://HOST[:PORT]} with TLS, {@code
 *     unix:/PATH} for a socket of this machine
 * @param instance the instance name that goes with every request; empty for the server's own
 * @param headers sent with every call
 * @param tls files for TLS beyond the system's own authorities
 * @param netrc where passwords for hosts stand, read if it is there
 * @param timeout how long a call, or the next piece of a stream, may take; an action may take as
 *     long as it says
 * @param retries how often a call that may succeed later is made again
 * @param compress whether zstd is used where the server offers it
 */
public record RemoteOptions(
    URI target,
    String instance,
    List<Header> headers,
    Optional<TlsFiles> tls,
    Optional<Path> netrc,
    Duration timeout,
    int retries,
    boolean compress) {

  private static final int TLS_PORT = 443;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int RETRIES = 5;

  /** A header, as {@code authorization} with {@code Bearer TOKEN}. */
  public record Header(String name, String value) {
    /** Refuses what HTTP/2 cannot carry. */
    public Header {
      if (!name.matches("[0-9a-zA-Z_.-]+") || name.endsWith("-bin")) {
        throw new IllegalArgumentException(
            "not the name of a header with a text (letters, digits, '-', '_', '.'): '%s'"
                .formatted(name));
      }
      if (!value.chars().allMatch(at -> at >= ' ' && at <= '~')) {
        throw new IllegalArgumentException(
            "the header '%s' must be printable ASCII".formatted(name));
      }
    }

    /** Reads {@code NAME=VALUE}. */
    public static Header parse(String text) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("a header is written NAME=VALUE");
      }
      return new Header(text.substring(0, equals), text.substring(equals + 1));
    }

    /** Without the value, which is often a secret. */
    @Override
    public String toString() {
      return name + "=...";
    }
  }

  /**
   * PEM files.
   *
   * @param authorities whose certificates are believed, instead of the system's authorities
   * @param certificate ours, shown to a server that asks
   * @param key that certificate's, PKCS 8
   */
  public record TlsFiles(
      Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
    /** Refuses a certificate without its key, and a key without its certificate. */
    public TlsFiles {
      if (certificate.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException(
            "a client certificate needs its key, and a key its certificate");
      }
    }
  }

  /** Copies; refuses what cannot be meant. */
  public RemoteOptions {
    headers = List.copyOf(headers);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a time limit is above zero, not " + timeout);
    }
    if (retries < 0) {
      throw new IllegalArgumentException("retries are counted from zero, not " + retries);
    }
    if (tls.isPresent() && !secret(target)) {
      throw new IllegalArgumentException(
          "%s is not TLS, so certificates are of no use: write grpcs://".formatted(target));
    }
  }

  /**
   * The usual options for a server.
   *
   * @param target as above; {@code HOST:PORT} alone is {@code grpcs://}, as with Bazel
   * @throws IllegalArgumentException when it is none of these
   */
  public static RemoteOptions parse(String target) {
    return new RemoteOptions(
        uri(target), "", List.of(), Optional.empty(), Optional.empty(), TIMEOUT, RETRIES, true);
  }

  private static URI uri(String text) {
    boolean named = text.startsWith("unix:") || text.contains("://");
    try {
      URI uri = new URI(named ? text : "grpcs://" + text);
      return switch (uri.getScheme()) {
        case "unix" -> socket(text, uri);
        case "grpc", "grpcs" -> host(text, uri);
        default -> throw notATarget(text);
      };
    } catch (URISyntaxException e) {
      throw notATarget(text);
    }
  }

  private static URI socket(String text, URI uri) throws URISyntaxException {
    String path = uri.isOpaque() ? "" : uri.getPath();
    if (path == null || path.length() < 2 || uri.getAuthority() != null) {
      throw notATarget(text);
    }
    return new URI("unix", null, path, null);
  }

  private static URI host(String text, URI uri) throws URISyntaxException {
    boolean bare =
        (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null;
    int port = uri.getPort() < 0 && uri.getScheme().equals("grpcs") ? TLS_PORT : uri.getPort();
    if (uri.getHost() == null || !bare || port < 1 || port > 0xffff) {
      throw notATarget(text);
    }
    return new URI(uri.getScheme(), null, uri.getHost(), port, null, null, null);
  }

  private static IllegalArgumentException notATarget(String text) {
    return new IllegalArgumentException(
        "not a server (grpc://HOST:PORT in the clear, grpcs://HOST[:PORT] with TLS, or unix:/PATH; instances and passwords have options of their own): '%s'"
            .formatted(text));
  }

  private static boolean secret(URI target) {
    return "grpcs".equals(target.getScheme());
  }

  /** Whether nobody on the way can read what is said: TLS, or this machine itself. */
  public boolean isSecret() {
    return secret(target) || isSocket() || isLoopback(target.getHost());
  }

  private static boolean isLoopback(String host) {
    return Set.of("localhost", "[::1]").contains(host) || host.matches("127\\.[0-9.]+");
  }

  /** Whether it is TLS. */
  public boolean isTls() {
    return secret(target);
  }

  /** Whether it is a socket of this machine. */
  public boolean isSocket() {
    return "unix".equals(target.getScheme());
  }

  /** The same for another instance. */
  public RemoteOptions withInstance(String other) {
    return new RemoteOptions(target, other, headers, tls, netrc, timeout, retries, compress);
  }

  /** The same with one more header. */
  public RemoteOptions withHeader(Header header) {
    List<Header> all = new ArrayList<>(headers);
    all.add(header);
    return new RemoteOptions(target, instance, all, tls, netrc, timeout, retries, compress);
  }

  /** The same with these files. */
  public RemoteOptions withTls(TlsFiles files) {
    return new RemoteOptions(
        target, instance, headers, Optional.of(files), netrc, timeout, retries, compress);
  }

  /** The same with passwords from this file. */
  public RemoteOptions withNetrc(Path file) {
    return new RemoteOptions(
        target, instance, headers, tls, Optional.of(file), timeout, retries, compress);
  }

  /** The same with another time limit. */
  public RemoteOptions withTimeout(Duration limit) {
    return new RemoteOptions(target, instance, headers, tls, netrc, limit, retries, compress);
  }

  /** The same with so many retries. */
  public RemoteOptions withRetries(int count) {
    return new RemoteOptions(target, instance, headers, tls, netrc, timeout, count, compress);
  }

  /** The same with or without zstd. */
  public RemoteOptions withCompression(boolean on) {
    return new RemoteOptions(target, instance, headers, tls, netrc, timeout, retries, on);
  }
}
