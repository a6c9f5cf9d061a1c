package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.remote.client.line.RemoteOptions.TlsFiles;
import dev.bricolage.testkit.PemPair;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who believes whom, and what is said when one side speaks TLS and the other does not. */
final class TlsTest {
  @TempDir private static Path folder;
  private static PemPair ours = new PemPair(Path.of(""), Path.of(""));
  private static PemPair theirs = ours;
  private static Optional<Fake> open = Optional.empty();
  private static Optional<Fake> mutual = Optional.empty();

  @BeforeAll
  static void start() throws Exception {
    theirs = PemPair.make(folder, "server");
    ours = PemPair.make(folder, "client");
    open = Optional.of(new Fake(server().build()));
    mutual =
        Optional.of(
            new Fake(
                server()
                    .trustManager(ours.certificate().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build()));
  }

  private static SslContextBuilder server() {
    return GrpcSslContexts.forServer(theirs.certificate().toFile(), theirs.key().toFile());
  }

  @AfterAll
  static void stop() {
    open.ifPresent(Fake::close);
    mutual.ifPresent(Fake::close);
  }

  private static RemoteOptions options(String scheme, Fake fake) {
    return RemoteOptions.parse(scheme + "://localhost:" + fake.port()).withRetries(0);
  }

  private static RemoteOptions believing(Fake fake) {
    return options("grpcs", fake)
        .withTls(
            new TlsFiles(Optional.of(theirs.certificate()), Optional.empty(), Optional.empty()));
  }

  private static RemoteFailure failure(RemoteOptions options) throws Exception {
    try (Remote remote = Remote.open(options, warning -> {})) {
      return assertThrows(RemoteFailure.class, remote::capabilities);
    }
  }

  private static void assertEnds(RemoteFailure failure, String end) {
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.endsWith(end), message);
  }

  @Test
  void aServerWhoseAuthorityIsNamedIsBelieved() throws Exception {
    try (Remote remote = Remote.open(believing(open.orElseThrow()), warning -> {})) {
      assertEquals(3, remote.capabilities().minor());
    }
  }

  @Test
  void anotherIsNot() throws Exception {
    assertEnds(
        failure(options("grpcs", open.orElseThrow())),
        "; its certificate is not signed by an authority we believe: name the right one's file");
  }

  @Test
  void aCertificateSaysWhoWeAre() throws Exception {
    RemoteOptions named =
        options("grpcs", mutual.orElseThrow())
            .withTls(
                new TlsFiles(
                    Optional.of(theirs.certificate()),
                    Optional.of(ours.certificate()),
                    Optional.of(ours.key())));
    try (Remote remote = Remote.open(named, warning -> {})) {
      assertEquals(3, remote.capabilities().minor());
    }
  }

  @Test
  void withoutOneAServerThatAsksForItSaysNo() throws Exception {
    assertEnds(
        failure(believing(mutual.orElseThrow())),
        "; it wants a client certificate that it believes");
  }

  @Test
  void inTheClearToATlsPort() throws Exception {
    RemoteFailure failure = failure(options("grpc", open.orElseThrow()));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertEnds(failure, "; if that port wants TLS write grpcs://");
  }

  @Test
  void tlsToAPortInTheClear() throws Exception {
    try (Fake clear = new Fake()) {
      assertEnds(
          failure(options("grpcs", clear)),
          "; that port does not speak TLS: write grpc:// for one in the clear");
    }
  }

  @Test
  void aFileThatIsNoCertificate() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.pem"), "nothing");
    RemoteOptions options =
        options("grpcs", open.orElseThrow())
            .withTls(new TlsFiles(Optional.of(bad), Optional.empty(), Optional.empty()));
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> Remote.open(options, warning -> {}));
    assertEquals(Kind.REFUSED, failure.kind());
    Path none = folder.resolve("none.pem");
    RemoteOptions missing =
        options("grpcs", open.orElseThrow())
            .withTls(new TlsFiles(Optional.of(none), Optional.empty(), Optional.empty()));
    assertEquals(
        "%s: a file for TLS cannot be used (certificates and a PKCS 8 key in PEM): there is no readable file %s"
            .formatted(missing.target(), none),
        assertThrows(RemoteFailure.class, () -> Remote.open(missing, warning -> {})).getMessage());
  }
}
