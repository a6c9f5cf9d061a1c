package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.fronts.reapi.wire.Tails;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
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
  private final Tails tails;
  private final Map<String, Operation> byName = new ConcurrentHashMap<>();

  /**
   * None yet; a tenant has at most {@code mostOfOne} under way.
   *
   * @param tails what their commands write while they run
   */
  public Operations(int mostOfOne, InstantSource clock, Tails tails) {
    this.tails = tails;
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
    Operation operation =
        new Operation(prefix + "operations/" + UUID.randomUUID(), tenant, action, tails);
    byName.put(operation.name(), operation);
    return operation;
  }

  /** The one with this name. */
  Optional<Operation> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * The one with this name. One that is another tenant's is as good as none.
   *
   * @throws Refusal NOT_FOUND when there is none, UNAUTHENTICATED when the caller is nobody
   */
  Operation find(Admission admission, String name) {
    Optional<Operation> operation = find(name);
    Refusal unknown = Refusal.notFound("there is no operation '%s'".formatted(name));
    try {
      operation.ifPresent(found -> admission.enter(found.tenant()));
    } catch (Refusal denied) {
      throw denied.status().getCode() == Code.UNAUTHENTICATED.value() ? denied : unknown;
    }
    return operation.orElseThrow(() -> unknown);
  }

  /** A tenant's, by name, those that come after this one. */
  List<Operation> ofOne(String tenant, String after) {
    return byName.values().stream()
        .filter(operation -> operation.tenant().equals(tenant))
        .filter(operation -> operation.name().compareTo(after) > 0)
        .sorted(Comparator.comparing(Operation::name))
        .toList();
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
