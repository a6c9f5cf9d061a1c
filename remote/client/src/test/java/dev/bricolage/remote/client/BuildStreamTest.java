package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.store.MemoryBlobs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that we did not write: BuildStream 1's artifact server, in Python over gRPC's C core. It
 * speaks 2.0, knows no QueryWriteStatus and no zstd, takes batches of 1 MiB, and has no action
 * cache. Debian ships it without its command, so Python is told to run it.
 */
final class BuildStreamTest {
  private static final String RUN =
      "import sys; from buildstream._artifactcache.casserver import server_main; server_main()";
  private static final byte[] LARGE = BadReadsTest.noise(20_000_000);

  @TempDir private static Path folder;
  private static Process server;
  private static int port;

  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private Proxy proxy;
  private Remote remote;

  @BeforeAll
  static void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server =
        new ProcessBuilder(
                "/usr/bin/python3",
                "-c",
                RUN,
                "--enable-push",
                "--head-room-min",
                "0",
                "--head-room-max",
                "1",
                "--port",
                String.valueOf(port),
                folder.resolve("repository").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    awaitPort();
  }

  private static void awaitPort() throws Exception {
    for (int tries = 0; tries < 600; tries++) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (server.waitFor(50, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    throw new IllegalStateException(
        "BuildStream's server did not start (apt-get install buildstream): "
            + Files.readString(folder.resolve("log")));
  }

  @AfterAll
  static void stop() throws Exception {
    server.destroyForcibly().waitFor();
  }

  @BeforeEach
  void open() throws Exception {
    proxy = new Proxy(port);
    remote = Remote.open(RemoteOptions.parse("grpc://127.0.0.1:" + proxy.port()), warnings::add);
  }

  @AfterEach
  void close() throws Exception {
    remote.close();
    proxy.close();
    assertEquals(List.of(), warnings);
  }

  @Test
  void itIsOldAndSmall() throws Exception {
    assertEquals(0, remote.capabilities().minor());
    assertEquals(1 << 20, remote.capabilities().batchBytes());
    assertFalse(remote.capabilities().zstd());
    assertFalse(remote.capabilities().writesResults());
    assertFalse(remote.capabilities().executes());
  }

  @Test
  void manySmallBlobsGoThereAndComeBack() throws Exception {
    MemoryBlobs store = new MemoryBlobs();
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      digests.add(store.put(BadReadsTest.noise(10_000 + i)));
    }
    assertEquals(Set.copyOf(digests), remote.blobs().missing(digests));
    remote.blobs().upload(digests, store);
    assertEquals(Set.of(), remote.blobs().missing(digests));
    Digest nowhere = Digest.of("nowhere");
    digests.add(nowhere);
    Map<Digest, byte[]> read = remote.blobs().readAll(digests);
    assertEquals(300, read.size());
    read.forEach((digest, bytes) -> assertEquals(digest, Digest.of(bytes)));
  }

  @Test
  void aLargeBlobOutlivesACutBothWays() throws Exception {
    MemoryBlobs store = new MemoryBlobs();
    Digest digest = store.put(LARGE);
    assertEquals(Set.of(digest), remote.blobs().missing(List.of(digest)));
    proxy.cutAfter(7_000_000);
    remote.blobs().upload(List.of(digest), store);
    assertEquals(Set.of(), remote.blobs().missing(List.of(digest)));
    assertEquals(2, proxy.connections.get(), "it was cut once");

    MemoryBlobs other = new MemoryBlobs();
    proxy.cutAfter(11_000_000);
    assertTrue(remote.blobs().fetch(digest, other));
    assertEquals(3, proxy.connections.get(), "it was cut once more");
    assertArrayEquals(LARGE, other.read(digest).orElseThrow());
  }

  @Test
  void whatItLacksIsMissing() throws Exception {
    assertFalse(remote.blobs().fetch(new Digest(1, 2, 3, 4, 5_000_000), new MemoryBlobs()));
    assertEquals(Map.of(), remote.blobs().readAll(List.of(Digest.of("nowhere"))));
  }

  @Test
  void itHasNoActionCache() {
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> remote.results().get(Digest.of("an action")));
    assertEquals(Kind.UNSUPPORTED, failure.kind());
  }
}
