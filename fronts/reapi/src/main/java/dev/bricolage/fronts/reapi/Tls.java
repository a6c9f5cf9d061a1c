package dev.bricolage.fronts.reapi;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections are made secret, all as PEM files.
 *
 * @param certificates the server's, its own first
 * @param key the server's, PKCS 8
 * @param clients who has signed the certificates of clients; with it every client must show one
 */
public record Tls(Path certificates, Path key, Optional<Path> clients) {
  /**
   * Reads the files.
   *
   * @throws IOException when one of them is not what it should be
   */
  SslContext context() throws IOException {
    try {
      SslContextBuilder builder = GrpcSslContexts.forServer(certificates.toFile(), key.toFile());
      clients.ifPresent(
          trusted -> builder.trustManager(trusted.toFile()).clientAuth(ClientAuth.REQUIRE));
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "not a PEM certificate and its PKCS 8 key: %s, %s".formatted(certificates, key), e);
    }
  }
}
