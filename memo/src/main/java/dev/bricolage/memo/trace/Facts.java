package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Step;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every step ever seen, by number: traces of one project share nearly all of theirs, so a trace
 * costs four bytes a step instead of a path and a digest. What is read once stays in memory.
 *
 * <p>A step's number is the start of its hash, or, where another step has that, one of the next
 * few. So there is no counter to lose, a damaged step is known by its number, and recording it
 * again puts it back where it was.
 */
final class Facts {
  /** How far from its hash a number may be: with 10 million facts, 1 in 400 is off by one. */
  private static final int REACH = 64;

  private final Map<Integer, Fact> byNumber = new ConcurrentHashMap<>();

  /** Where facts are read from: the committed state, or a transaction's own view. */
  @FunctionalInterface
  interface Source {
    /** The bytes under this key. */
    Optional<byte[]> get(byte[] key);
  }

  /** The facts with these numbers; empty when one is lost or damaged. */
  Optional<List<Fact>> of(List<Integer> numbers, Source source) {
    List<Fact> found = new ArrayList<>(numbers.size());
    for (int number : numbers) {
      Optional<Fact> fact = fact(number, source);
      if (fact.isEmpty()) {
        return Optional.empty();
      }
      found.add(fact.get());
    }
    return Optional.of(found);
  }

  Optional<Fact> fact(int number, Source source) {
    Fact known = byNumber.get(number);
    if (known != null) {
      return Optional.of(known);
    }
    return read(number, source);
  }

  private Optional<Fact> read(int number, Source source) {
    Optional<Fact> read = source.get(factKey(number)).flatMap(bytes -> decode(number, bytes));
    read.ifPresent(fact -> byNumber.put(number, fact));
    return read;
  }

  /** Reads these anew, where they can be: those in memory do not fit the node that names them. */
  void refresh(List<Integer> numbers, Source source) {
    numbers.forEach(number -> read(number, source));
  }

  /** The step's fact, given a number now if it has none. */
  Fact keep(TraceNodes.Edit edit, Step step) {
    byte[] encoding = Fact.encode(step);
    Digest hash = Digest.of(encoding);
    int first = first(hash);
    for (int number = first; number != first + REACH; number++) {
      byte[] key = factKey(number);
      Optional<byte[]> there = edit.get(key);
      if (there.isPresent() && Arrays.equals(there.get(), encoding)) {
        return new Fact(number, step, hash);
      }
      int candidate = number;
      if (there.flatMap(bytes -> decode(candidate, bytes)).isEmpty()) {
        edit.put(key, encoding);
        return new Fact(number, step, hash);
      }
    }
    throw new IllegalStateException("no number left near " + first + " for the fact: " + step);
  }

  private static int first(Digest hash) {
    return (int) (hash.a() >>> 32);
  }

  private static byte[] factKey(int number) {
    return ByteBuffer.allocate(5).put((byte) 'f').putInt(number).array();
  }

  /** Empty when the bytes are not those of a step that could have this number. */
  private static Optional<Fact> decode(int number, byte[] bytes) {
    Digest hash = Digest.of(bytes);
    if (Integer.compareUnsigned(number - first(hash), REACH) >= 0) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Step step = new Step(TraceNode.Encoding.question(in), TraceNode.Encoding.text(in));
      return Optional.of(new Fact(number, step, hash));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
