package dev.bricolage.memo.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Values;
import dev.bricolage.memo.trace.MemoryNodes;
import dev.bricolage.memo.trace.TraceMemory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class ExplainTest {
  record Text(String file) implements Key<String> {
    @Override
    public Optional<Codec<String>> codec() {
      return Optional.of(Codec.text());
    }
  }

  record Upper(String file) implements Query<String>, Persistent<String> {
    @Override
    public Codec<String> valueCodec() {
      return Codec.text();
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public String run(Fetch fetch) throws InterruptedException {
      return fetch.fetch(new Text(file)).toUpperCase(java.util.Locale.ROOT);
    }
  }

  private static final class InMemory implements Values {
    private final Map<Digest, byte[]> kept = new ConcurrentHashMap<>();

    @Override
    public Digest put(byte[] bytes) {
      kept.put(Digest.of(bytes), bytes);
      return Digest.of(bytes);
    }

    @Override
    public Optional<byte[]> read(Digest digest) {
      return Optional.ofNullable(kept.get(digest));
    }
  }

  private final TraceMemory traces = new TraceMemory(new MemoryNodes());
  private final Values values = new InMemory();

  private Memo memo(String text) throws InterruptedException {
    Memo memo =
        Memo.builder().traces(traces, values, Kinds.ofRecords(Text.class, Upper.class)).open();
    memo.edit(edit -> edit.set(new Text("a"), text));
    return memo;
  }

  @Test
  void theWalkThatRecallsSaysWhyItCannot() throws Exception {
    Upper key = new Upper("a");
    assertEquals(Optional.of(new Recall.FirstTime()), memo("x").explain(key));
    assertEquals("X", memo("x").get(key));
    assertEquals(Optional.empty(), memo("x").explain(key));
    Recall why = memo("y").explain(key).orElseThrow();
    assertEquals("[a: =x -> =y]", ((Recall.Differs) why).differences().toString());
  }
}
