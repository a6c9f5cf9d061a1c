package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.action.TreePath;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.store.MemoryBlobs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OurServerTest {
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private OurServer server;

  @BeforeEach
  void start() throws Exception {
    server = new OurServer();
  }

  @AfterEach
  void stop() {
    server.close();
    assertEquals(List.of(), warnings);
  }

  private Remote remote(boolean compress) throws RemoteFailure {
    RemoteOptions options = server.options().withCompression(compress);
    return Remote.open(options, warnings::add);
  }

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void saysWhatItCanDo() throws Exception {
    try (Remote remote = remote(true)) {
      assertEquals(12, remote.capabilities().minor());
      assertTrue(remote.capabilities().zstd());
      assertTrue(remote.capabilities().writesResults());
      assertFalse(remote.capabilities().executes());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blobsOfEverySizeGoThereAndComeBack(boolean compress) throws Exception {
    MemoryBlobs store = new MemoryBlobs();
    Set<Digest> digests = new java.util.LinkedHashSet<>();
    for (int length : new int[] {1, 511, 512, 70_000, 3_000_000, 4_200_000, 9_000_000}) {
      digests.add(store.put(noise(length, length)));
      digests.add(store.put("a".repeat(length).getBytes(StandardCharsets.UTF_8)));
    }
    try (Remote remote = remote(compress)) {
      assertEquals(digests, remote.blobs().missing(digests));
      digests.add(store.put(new byte[0])); // every server has that
      remote.blobs().upload(digests, store);
      assertEquals(Set.of(), remote.blobs().missing(digests));
      Map<Digest, byte[]> read = remote.blobs().readAll(digests);
      assertEquals(digests, read.keySet());
      MemoryBlobs other = new MemoryBlobs();
      for (Digest digest : digests) {
        assertEquals(digest, Digest.of(read.getOrDefault(digest, new byte[0])));
        assertTrue(remote.blobs().fetch(digest, other), digest.toString());
        assertTrue(other.has(digest), digest.toString());
      }
    }
  }

  @Test
  void whatItLacksIsAbsent() throws Exception {
    try (Remote remote = remote(true)) {
      Digest there = remote.blobs().put(new byte[] {1, 2, 3});
      Digest small = Digest.of("nowhere");
      Digest large = new Digest(1, 2, 3, 4, 10_000_000);
      assertEquals(Set.of(there), remote.blobs().readAll(List.of(small, there, large)).keySet());
      assertFalse(remote.blobs().fetch(large, new MemoryBlobs()));
    }
  }

  @Test
  void ofANewVersionOnlyWhatIsNewTravels() throws Exception {
    byte[] old = noise(12_000_000, 1);
    byte[] changed = new byte[old.length + 1];
    System.arraycopy(old, 0, changed, 0, 6_000_000);
    System.arraycopy(old, 6_000_000, changed, 6_000_001, 6_000_000);
    MemoryBlobs store = new MemoryBlobs();
    Digest before = store.put(old);
    try (Proxy proxy = new Proxy(server.server.port());
        Remote remote =
            Remote.open(RemoteOptions.parse("grpc://127.0.0.1:" + proxy.port()), warnings::add)) {
      remote.blobs().upload(List.of(before), store);
      Digest after = store.put(changed);
      long whole = proxy.passed.getAndSet(0);
      assertTrue(whole > 12_000_000, "all of the first: " + whole);
      remote.blobs().upload(List.of(after), store);
      long new1 = proxy.passed.getAndSet(0);
      assertTrue(new1 < 6_000_000, "a chunk or two there: " + new1);
      assertEquals(after, Digest.of(server.blobs.read(after).orElseThrow()));

      store.lose(after);
      assertTrue(remote.blobs().fetch(after, store, List.of(before)));
      long new2 = proxy.passed.getAndSet(0);
      assertTrue(new2 < 6_000_000, "and back: " + new2);
      assertArrayEquals(changed, store.read(after).orElseThrow());
    }
  }

  @Test
  void aResultIsKeptAndFound() throws Exception {
    Digest action = Digest.of("an action");
    try (Remote remote = remote(true)) {
      assertEquals(Optional.empty(), remote.results().get(action));
      byte[] out = "done\n".getBytes(StandardCharsets.UTF_8);
      Digest file = remote.blobs().put("int main".getBytes(StandardCharsets.UTF_8));
      RemoteResult result =
          new RemoteResult(
              0,
              List.of(new RemoteResult.OutputFile(new TreePath("out/a.o"), file, true)),
              List.of(new RemoteResult.OutputLink(new TreePath("out/l"), "a.o")),
              List.of(),
              Digest.of(out),
              Digest.EMPTY,
              Map.of(Digest.of(out), out),
              Optional.of("me"));
      remote.results().put(action, result);
      RemoteResult found = remote.results().get(action).orElseThrow();
      assertEquals(result.files(), found.files());
      assertEquals(result.links(), found.links());
      assertEquals(result.stdout(), found.stdout());
      assertEquals(result.stderr(), found.stderr());
      assertEquals(result.worker(), found.worker());
      assertArrayEquals(out, found.inlined().get(found.stdout()));
    }
  }
}
