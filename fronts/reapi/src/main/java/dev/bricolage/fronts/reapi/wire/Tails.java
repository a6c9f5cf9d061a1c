package dev.bricolage.fronts.reapi.wire;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What running commands write, by the names that {@code ByteStream} knows it by. */
public final class Tails {
  private final Map<String, Tail> tails = new ConcurrentHashMap<>();

  /** A new one. */
  public Tail open(String name, String tenant) {
    Tail tail = new Tail(tenant);
    tails.put(name, tail);
    return tail;
  }

  /** The one of this name, while its command runs. */
  public Optional<Tail> find(String name) {
    return Optional.ofNullable(tails.get(name));
  }

  /** Its command has ended; who reads it reads on to the end. */
  public void close(String name) {
    Optional.ofNullable(tails.remove(name)).ifPresent(Tail::end);
  }
}
