package dev.bricolage.remote.sharing;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.View;
import dev.bricolage.memo.trace.TraceBytes;
import dev.bricolage.remote.client.RemoteBlobs;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The house's memory, and behind it what colleagues have recorded. A key that memory does not
 * answer is asked for once in a while; the traces that come are recorded here, and walked like any
 * other.
 */
final class SharedTraces implements Traces {
  /** A colleague's run is seen so late at the latest; a build asks for a key several times. */
  private static final Duration ASKED_AGAIN = Duration.ofSeconds(10);

  private static final int MOST_ASKED = 100_000;

  private final Traces near;
  private final Blobs blobs;
  private final RemoteBlobs far;
  private final Shelf shelf;
  private final Publisher publisher;
  private final Trouble trouble;
  private final Map<Question, Long> asked = new ConcurrentHashMap<>();
  private final Set<Digest> imported = ConcurrentHashMap.newKeySet();

  SharedTraces(
      Traces near,
      Blobs blobs,
      RemoteBlobs far,
      Shelf shelf,
      Publisher publisher,
      Trouble trouble) {
    this.near = near;
    this.blobs = blobs;
    this.far = far;
    this.shelf = shelf;
    this.publisher = publisher;
    this.trouble = trouble;
  }

  @Override
  public Recall recall(Question key, Trace.Order order, View view)
      throws IOException, InterruptedException {
    Recall known = near.recall(key, order, view);
    if (known instanceof Recall.Fits || wasAsked(key)) {
      return known;
    }
    boolean learnt = trouble.orElse(false, () -> learn(key, order));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return learnt ? near.recall(key, order, view) : known;
  }

  private boolean wasAsked(Question key) {
    long now = System.nanoTime();
    if (asked.size() > MOST_ASKED) {
      asked.clear();
    }
    Long before = asked.get(key);
    if (before != null && now - before < ASKED_AGAIN.toNanos()) {
      return true;
    }
    asked.put(key, now);
    return false;
  }

  /** Whether a trace has come that was not here. */
  private boolean learn(Question key, Trace.Order order)
      throws RemoteFailure, InterruptedException {
    List<Shelf.Item> items =
        shelf.items(key).stream().filter(item -> !imported.contains(item.trace())).toList();
    if (items.isEmpty()) {
      return false;
    }
    Set<Digest> wanted = new HashSet<>();
    items.forEach(item -> wanted.addAll(List.of(item.trace(), item.outcome())));
    Map<Digest, byte[]> read = far.readAll(wanted);
    boolean learnt = false;
    for (Shelf.Item item : items.reversed()) {
      Optional<Trace> trace =
          Optional.ofNullable(read.get(item.trace()))
              .flatMap(TraceBytes::decode)
              .filter(it -> it.key().equals(key) && it.order() == order);
      if (trace.isPresent()) {
        Optional.ofNullable(read.get(item.outcome())).ifPresent(blobs::put);
        near.record(trace.get());
        imported.add(item.trace());
        learnt = true;
      }
    }
    return learnt;
  }

  @Override
  public Optional<String> record(Trace trace) {
    Optional<String> before = near.record(trace);
    publisher.publish(trace);
    return before;
  }
}
