package dev.bricolage.remote.sharing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.reapi.Parts;
import dev.bricolage.fronts.reapi.ReapiServer;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.memo.Answer;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.View;
import dev.bricolage.memo.trace.MemoryNodes;
import dev.bricolage.memo.trace.TraceBytes;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.remote.client.Remote;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.store.Lease;
import dev.bricolage.store.MemoryBlobs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SharingTest {
  private static final Question KEY = new Question("run", "abc");
  private static final Question LOOKED = new Question("content", "/build/a.c");
  private static final byte[] MADE = "what it made".getBytes(StandardCharsets.UTF_8);

  private final MemoryBlobs cache = new MemoryBlobs();
  private ReapiServer server;

  @BeforeEach
  void open() throws Exception {
    server =
        ReapiServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            new Parts(
                cache,
                Holdings.memory(),
                ActionResults.memory(),
                Tenants.open(""),
                Optional.empty(),
                Limits.USUAL,
                InstantSource.system(),
                Throwable::printStackTrace));
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** Somebody with a store and a memory of his own. */
  private final class Person implements AutoCloseable {
    final MemoryBlobs blobs = new MemoryBlobs();
    final TraceMemory memory = new TraceMemory(new MemoryNodes());
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final Remote remote;
    final Sharing sharing;

    Person(boolean publishes) throws Exception {
      remote =
          Remote.open(
              RemoteOptions.parse("grpc://127.0.0.1:" + server.port())
                  .withRetries(0)
                  .withTimeout(Duration.ofSeconds(5)),
              warnings::add);
      Optional<Supplier<Lease>> leases = publishes ? Optional.of(() -> () -> {}) : Optional.empty();
      sharing = new Sharing(remote, memory, blobs, leases, new Trouble(warnings::add));
    }

    /** A run whose file was so and that gave this. */
    Trace record(String seen, byte[] made) throws Exception {
      Outcome outcome =
          new Outcome(
              0,
              new TreeMap<>(Map.of(new TreePath("a.o"), new Entry.File(blobs.put(made), false))),
              Set.of(),
              List.of(),
              blobs.put(new byte[0]),
              blobs.put(new byte[0]),
              List.of());
      Digest told = blobs.put(outcome.encode());
      String value =
          Answer.inline((told + " 12").getBytes(StandardCharsets.UTF_8), 256).orElseThrow();
      Trace trace = new Trace(KEY, List.of(new Step(LOOKED, seen)), value);
      sharing.traces().record(trace);
      assertTrue(sharing.await(Duration.ofSeconds(30)));
      return trace;
    }

    Recall recall(String seen) throws Exception {
      View view = questions -> questions.stream().map(question -> seen).toList();
      return sharing.traces().recall(KEY, Trace.Order.ANY, view);
    }

    @Override
    public void close() {
      sharing.close();
    }
  }

  @Test
  void aColleagueIsAnswered() throws Exception {
    try (Person one = new Person(true);
        Person other = new Person(true)) {
      Trace trace = one.record("red", MADE);
      assertEquals(new Recall.Fits(trace.value(), 1), other.recall("red"));
      Digest made = Digest.of(MADE);
      assertEquals(Set.of(), other.sharing.blobs().lacking(Set.of(made)));
      assertEquals(0, other.blobs.has(made) ? 1 : 0);
      assertArrayEquals(MADE, other.sharing.blobs().read(made).orElseThrow());
      assertTrue(other.blobs.has(made));
      assertEquals(List.of(), other.warnings);
    }
  }

  @Test
  void whatDoesNotFitDoesNotAnswer() throws Exception {
    try (Person one = new Person(true);
        Person other = new Person(true)) {
      one.record("red", MADE);
      assertInstanceOf(Recall.Differs.class, other.recall("green"));
    }
  }

  @Test
  void branchesStandSideBySide() throws Exception {
    try (Person one = new Person(true);
        Person two = new Person(true);
        Person other = new Person(true)) {
      Trace red = one.record("red", MADE);
      Trace green = two.record("green", new byte[] {1});
      assertEquals(new Recall.Fits(red.value(), 1), other.recall("red"));
      assertEquals(new Recall.Fits(green.value(), 1), other.recall("green"));
    }
  }

  @Test
  void manyAreGatheredAtOnce() throws Exception {
    try (Person other = new Person(false)) {
      List<Digest> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        all.add(cache.put(new byte[] {(byte) i, (byte) (i >> 8)}));
      }
      all.add(cache.put(new byte[3_000_000]));
      try (Person one = new Person(true)) {
        all.forEach(digest -> one.blobs.put(cache.read(digest).orElseThrow()));
        one.remote.blobs().upload(all, one.blobs); // so that the tenant holds them
      }
      other.sharing.blobs().gather(all);
      assertTrue(all.stream().allMatch(other.blobs::has));
    }
  }

  @Test
  void whatTheCacheHasLostIsLacking() throws Exception {
    try (Person one = new Person(true);
        Person other = new Person(true)) {
      one.record("red", MADE);
      cache.lose(Digest.of(MADE));
      assertInstanceOf(Recall.Fits.class, other.recall("red"));
      assertEquals(Set.of(Digest.of(MADE)), other.sharing.blobs().lacking(Set.of(Digest.of(MADE))));
      assertEquals(Optional.empty(), other.sharing.blobs().read(Digest.of(MADE)));
    }
  }

  @Test
  void whoOnlyReadsPublishesNothing() throws Exception {
    try (Person one = new Person(false);
        Person other = new Person(true)) {
      one.record("red", MADE);
      assertInstanceOf(Recall.FirstTime.class, other.recall("red"));
      assertEquals(0, cache.count());
    }
  }

  @Test
  void whatIsNoTraceOrAnothersIsLeftAlone() throws Exception {
    try (Person liar = new Person(true);
        Person other = new Person(true)) {
      Trace another =
          new Trace(
              new Question("run", "other"),
              List.of(new Step(LOOKED, "red")),
              Answer.inline("0 1".getBytes(StandardCharsets.UTF_8), 256).orElseThrow());
      Digest outcome = liar.remote.blobs().put(MADE);
      Digest wrongKey = liar.remote.blobs().put(TraceBytes.encode(another));
      Digest noise = liar.remote.blobs().put(new byte[] {9, 9, 9});
      List<RemoteResult.OutputFile> files = new ArrayList<>();
      for (Digest trace : List.of(wrongKey, noise)) {
        files.add(new RemoteResult.OutputFile(new TreePath("outcomes/0"), outcome, false));
        files.add(new RemoteResult.OutputFile(new TreePath("traces/0"), trace, false));
      }
      files.add(new RemoteResult.OutputFile(new TreePath("elsewhere"), noise, false));
      liar.remote
          .results()
          .put(
              Shelf.place(KEY),
              new RemoteResult(
                  0,
                  files,
                  List.of(),
                  List.of(),
                  Digest.EMPTY,
                  Digest.EMPTY,
                  Map.of(),
                  Optional.empty()));
      assertInstanceOf(Recall.FirstTime.class, other.recall("red"));
      assertEquals(List.of(), other.warnings);
    }
  }

  @Test
  void withoutAServerOneGoesOnAlone() throws Exception {
    try (Person one = new Person(true)) {
      server.close();
      assertInstanceOf(Recall.FirstTime.class, one.recall("red"));
      Trace trace = one.record("red", MADE);
      assertEquals(new Recall.Fits(trace.value(), 1), one.recall("red"));
      assertEquals(
          Set.of(Digest.of(new byte[] {5})),
          one.sharing.blobs().lacking(Set.of(Digest.of(new byte[] {5}))));
      assertEquals(1, one.warnings.size(), one.warnings::toString);
    }
  }
}
