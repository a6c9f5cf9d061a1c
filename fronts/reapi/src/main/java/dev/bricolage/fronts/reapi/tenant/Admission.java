package dev.bricolage.fronts.reapi.tenant;

import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.store.Blobs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The door of every service: whoever calls comes in as a tenant, with what is that tenant's. */
public final class Admission {
  private final Tenants tenants;
  private final Blobs blobs;
  private final Holdings holdings;
  private final Limits limits;
  private final InstantSource clock;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<String, Rate> rates = new ConcurrentHashMap<>();

  /** A door to these blobs. */
  public Admission(
      Tenants tenants, Blobs blobs, Holdings holdings, Limits limits, InstantSource clock) {
    this.tenants = tenants;
    this.blobs = blobs;
    this.holdings = holdings;
    this.limits = limits;
    this.clock = clock;
  }

  /** What every tenant keeps to. */
  public Limits limits() {
    return limits;
  }

  /** How many bytes each tenant holds that was here since the server began. */
  public Map<String, Long> held() {
    Map<String, Long> held = new TreeMap<>();
    seen.forEach(tenant -> held.put(tenant, holdings.bytes(tenant)));
    return held;
  }

  /**
   * Lets the current caller into an instance.
   *
   * @throws Refusal when {@link Tenants} does, and RESOURCE_EXHAUSTED when it calls too often
   */
  public TenantBlobs enter(String instance) {
    Tenant tenant = tenants.admit(Caller.current(), instance);
    seen.add(tenant.name());
    if (limits.callsPerSecond() > 0) {
      rates.computeIfAbsent(tenant.name(), name -> new Rate()).take();
    }
    return new TenantBlobs(tenant, blobs, holdings);
  }

  /** A bucket that fills evenly; full, it holds two seconds' worth. */
  private final class Rate {
    private double left = 2.0 * limits.callsPerSecond();
    private long filled = clock.millis();

    synchronized void take() {
      long now = clock.millis();
      double most = 2.0 * limits.callsPerSecond();
      left = Math.min(most, left + (now - filled) * limits.callsPerSecond() / 1000.0);
      filled = now;
      if (left < 1) {
        throw Refusal.exhausted(
            "more than %d calls a second".formatted(limits.callsPerSecond()),
            Duration.ofMillis(Math.ceilDiv(1000, limits.callsPerSecond())));
      }
      left--;
    }
  }
}
