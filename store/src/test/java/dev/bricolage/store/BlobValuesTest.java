package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.View;
import dev.bricolage.memo.trace.TraceMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobValuesTest {
  private static final Question KEY = new Question("Parse", "a.c");
  private static final Question ASKED = new Question("text", "a.c");
  private static final View VIEW = questions -> questions.stream().map(q -> "1").toList();
  private static final byte[] VALUE = "a tree".getBytes(UTF_8);

  @TempDir Path folder;

  @Test
  void aValueAndTheTraceThatNamesItOutlastTheProcess() throws Exception {
    try (Store store = open()) {
      Digest digest = new BlobValues(store.blobs()).put(VALUE);
      List<List<Step>> asked = List.of(List.of(new Step(ASKED, "1")));
      Traces traces = new TraceMemory(store.traces());
      Trace trace = new Trace(KEY, Trace.Order.ASKED, asked, digest.toString());
      assertEquals(Optional.empty(), traces.record(trace));
    }
    try (Store store = open()) {
      Recall recall = new TraceMemory(store.traces()).recall(KEY, Trace.Order.ASKED, VIEW);
      assertEquals(new Recall.Fits(Digest.of(VALUE).toString(), 1), recall);
      Values values = new BlobValues(store.blobs());
      assertArrayEquals(VALUE, values.read(Digest.of(VALUE)).orElseThrow());
    }
  }

  private Store open() {
    return Store.open(folder.resolve("home"), warning -> {});
  }

  @Test
  void whatIsLostOrDamagedIsMissingUntilItIsPutAgain() {
    MemoryBlobs blobs = new MemoryBlobs();
    Values values = new BlobValues(blobs);
    Digest digest = values.put(VALUE);
    assertEquals(Digest.of(VALUE), digest);
    assertArrayEquals(VALUE, values.read(digest).orElseThrow());
    blobs.damage(digest);
    assertEquals(Optional.empty(), values.read(digest));
    values.put(VALUE);
    assertArrayEquals(VALUE, values.read(digest).orElseThrow());
    blobs.lose(digest);
    assertEquals(Optional.empty(), values.read(digest));
    assertEquals(Optional.empty(), values.read(Digest.of("never put")));
  }
}
