package dev.bricolage.remote.client.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.remote.client.line.RemoteOptions.Header;
import dev.bricolage.remote.client.line.RemoteOptions.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RemoteOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "grpc://cache:8980, grpc://cache:8980, false",
    "grpc://cache:8980/, grpc://cache:8980, false",
    "grpc://127.0.0.1:8980, grpc://127.0.0.1:8980, true",
    "grpc://[::1]:8980, grpc://[::1]:8980, true",
    "grpcs://cache.example, grpcs://cache.example:443, true",
    "grpcs://cache.example:1, grpcs://cache.example:1, true",
    "cache.example:8980, grpcs://cache.example:8980, true",
    "cache.example, grpcs://cache.example:443, true",
    "unix:/run/cache.sock, unix:/run/cache.sock, true",
    "unix:///run/cache.sock, unix:/run/cache.sock, true"
  })
  void whatIsATarget(String text, String target, boolean secret) {
    RemoteOptions options = RemoteOptions.parse(text);
    assertEquals(target, options.target().toString());
    assertEquals(secret, options.isSecret());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grpc://",
        "grpc://cache",
        "grpc://cache:0",
        "grpc://cache:99999",
        "grpc://cache:1/instance",
        "grpc://me:secret@cache:1",
        "grpc://cache:1?x",
        "http://cache:1",
        "https://cache:1",
        "unix:",
        "unix:relative",
        "unix://host/path",
        "a b:1"
      })
  void whatIsNot(String text) {
    assertEquals(
        "not a server (grpc://HOST:PORT in the clear, grpcs://HOST[:PORT] with TLS, or unix:/PATH; instances and passwords have options of their own): '%s'"
            .formatted(text),
        assertThrows(IllegalArgumentException.class, () -> RemoteOptions.parse(text)).getMessage());
  }

  @Test
  void certificatesAreForTls() {
    TlsFiles files = new TlsFiles(Optional.of(Path.of("ca")), Optional.empty(), Optional.empty());
    assertTrue(RemoteOptions.parse("grpcs://cache").withTls(files).isTls());
    assertEquals(
        "grpc://cache:1 is not TLS, so certificates are of no use: write grpcs://",
        assertThrows(
                IllegalArgumentException.class,
                () -> RemoteOptions.parse("grpc://cache:1").withTls(files))
            .getMessage());
    assertEquals(
        "a client certificate needs its key, and a key its certificate",
        assertThrows(
                IllegalArgumentException.class,
                () -> new TlsFiles(Optional.empty(), Optional.of(Path.of("a")), Optional.empty()))
            .getMessage());
  }

  @Test
  void headersDoNotShowTheirValues() {
    Header header = Header.parse("authorization=Bearer a=b");
    assertEquals("Bearer a=b", header.value());
    assertEquals("authorization=...", header.toString());
    assertFalse(RemoteOptions.parse("cache").withHeader(header).toString().contains("Bearer"));
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, a header is written NAME=VALUE",
    "=x, a header is written NAME=VALUE",
    "a b=x, 'not the name of a header with a text (letters, digits, ''-'', ''_'', ''.''): ''a b'''",
    "x-bin=x, 'not the name of a header with a text (letters, digits, ''-'', ''_'', ''.''): ''x-bin'''",
    "x=\u00e9, the header 'x' must be printable ASCII"
  })
  void whatIsNoHeader(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Header.parse(text)).getMessage());
  }
}
