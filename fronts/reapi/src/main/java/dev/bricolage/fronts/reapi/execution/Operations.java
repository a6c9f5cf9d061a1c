package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.wire.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The executions under way, and for a while those that ended, so that a client whose connection
 * broke at the wrong moment still hears the end.
 */
public final class Operations {
  private static final Duration KEPT = Duration.ofMinutes(5);

  private final int mostOfOne;
  private final InstantSource clock;
  private final Map<String, Operation> byName = new ConcurrentHashMap<>();

  /** None yet; a tenant has at most {@code mostOfOne} under way. */
  public Operations(int mostOfOne, InstantSource clock) {
    this.mostOfOne = mostOfOne;
    this.clock = clock;
  }

  /** A new one. */
  synchronized Operation begin(String tenant, Digest action) {
    long underWay =
        byName.values().stream()
            .filter(operation -> operation.tenant().equals(tenant) && !operation.isComplete())
            .count();
    if (underWay >= mostOfOne) {
      throw Refusal.exhausted(
          "the instance '%s' has %d actions under way already".formatted(tenant, underWay),
          Duration.ofSeconds(1));
    }
    return add(tenant, action);
  }

  /** One more, however many there are: for what is answered at once. */
  Operation add(String tenant, Digest action) {
    String prefix = tenant.isEmpty() ? "" : tenant + "/";
    Operation operation = new Operation(prefix + "operations/" + UUID.randomUUID(), tenant, action);
    byName.put(operation.name(), operation);
    return operation;
  }

  /** The one with this name. */
  Optional<Operation> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** What time it is for operations. */
  Instant now() {
    return clock.instant();
  }

  /** Forgets what ended a while ago; ends what nobody has waited for as long. */
  public void sweep() {
    Instant latest = clock.instant().minus(KEPT);
    for (Operation operation : List.copyOf(byName.values())) {
      if (operation.unwatchedSince().isBefore(latest)) {
        operation.cancel();
        if (operation.isComplete()) {
          byName.remove(operation.name());
        }
      }
    }
  }

  /** How many are under way. */
  public int underWay() {
    return (int) byName.values().stream().filter(operation -> !operation.isComplete()).count();
  }

  /** Ends all. */
  public void close() {
    byName.values().forEach(Operation::cancel);
  }
}
