package dev.bricolage.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredResultsTest {
  private static final Digest ACTION = Digest.of("an action");

  private final Path home;
  private final Store store;
  private final StoredResults results;
  private final Instant now = Instant.now();

  StoredResultsTest(@TempDir Path folder) {
    home = folder.resolve("home");
    store = Store.open(home, warning -> {});
    results = new StoredResults(store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A result with a file of this text, and nothing on stderr; its encoding. */
  private byte[] result(String text) {
    ActionResult.Builder result = ActionResult.newBuilder();
    result
        .addOutputFilesBuilder()
        .setPath("out")
        .setDigest(digest(store.blobs().put(text.getBytes(UTF_8))));
    return result.setStderrDigest(digest(Digest.EMPTY)).build().toByteArray();
  }

  private static Reapi.Digest digest(Digest digest) {
    return Reapi.Digest.newBuilder().setHash(digest.hex()).setSizeBytes(digest.size()).build();
  }

  private Path file(byte[] bytes) {
    String hex = Digest.of(bytes).hex();
    return home.resolve("blobs").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
  }

  private long forget() {
    return StoredResults.forget(store, now.minus(Duration.ofDays(90)));
  }

  @Test
  void whatIsWholeStays() {
    byte[] result = result("a");
    results.put("team", ACTION, result);
    assertEquals(0, forget());
    assertArrayEquals(result, results.get("team", ACTION).orElseThrow());
  }

  @Test
  void whatLostItsBlobsGoes() throws IOException {
    byte[] lost = result("a");
    byte[] torn = result("b");
    byte[] whole = result("c");
    results.put("team", Digest.of("lost"), lost);
    results.put("team", Digest.of("torn"), torn);
    results.put("other", Digest.of("torn"), torn);
    results.put("other", Digest.of("whole"), whole);
    results.put("other", Digest.of("no result"), "no result".getBytes(UTF_8));
    store.sync();
    Files.delete(file(lost));
    Files.delete(file("b".getBytes(UTF_8)));
    assertEquals(4, forget());
    assertEquals(0, forget());
    store.blobs().put(lost);
    store.blobs().put("b".getBytes(UTF_8));
    assertEquals(Optional.empty(), results.get("team", Digest.of("lost")));
    assertEquals(Optional.empty(), results.get("team", Digest.of("torn")));
    assertEquals(Optional.empty(), results.get("other", Digest.of("torn")));
    assertTrue(results.get("other", Digest.of("whole")).isPresent());
  }

  @Test
  void whatNobodyAsksForGoesAfterAWhile() throws IOException {
    byte[] result = result("a");
    results.put("team", ACTION, result);
    store.sync();
    FileTime old = FileTime.from(now.minus(Duration.ofDays(89)));
    Files.setAttribute(file(result), "lastAccessTime", old);
    assertEquals(0, forget());
    assertEquals(
        old.toMillis(),
        ((FileTime) Files.getAttribute(file(result), "lastAccessTime")).toMillis(),
        "looking is no use");
    Files.setAttribute(
        file(result), "lastAccessTime", FileTime.from(now.minus(Duration.ofDays(91))));
    assertEquals(1, forget());
    assertEquals(Optional.empty(), results.get("team", ACTION));
  }

  @Test
  void aTreeIsAskedForAndNotRead() {
    ActionResult.Builder result = ActionResult.newBuilder();
    Digest tree = Digest.of("a tree");
    result.addOutputDirectoriesBuilder().setPath("out").setTreeDigest(digest(tree));
    results.put(
        "team", ACTION, result.setStdoutRaw(ByteString.copyFromUtf8("x")).build().toByteArray());
    assertEquals(1, forget());
    store.blobs().put("a tree".getBytes(UTF_8));
    results.put("team", ACTION, result.build().toByteArray());
    assertEquals(0, forget());
  }
}
