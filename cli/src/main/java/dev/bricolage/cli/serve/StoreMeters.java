package dev.bricolage.cli.serve;

import dev.bricolage.fronts.reapi.metrics.Meters;
import dev.bricolage.store.Store;
import dev.bricolage.store.StoreSize;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** How much there is in the store, as meters. Counting walks all of it, so it is not done often. */
final class StoreMeters {
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Store store;
  private final InstantSource clock;
  private Instant counted = Instant.MIN;
  private StoreSize size = new StoreSize(List.of());

  private StoreMeters(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  static void add(Meters meters, Store store, InstantSource clock) {
    StoreMeters all = new StoreMeters(store, clock);
    meters.gauges(
        "bric_store_items",
        "What there is in the store, as of a minute ago at most.",
        "kind",
        () -> all.by(StoreSize.Kind::count));
    meters.gauges(
        "bric_store_bytes",
        "Bytes in the store, as of a minute ago at most.",
        "kind",
        () -> all.by(StoreSize.Kind::bytes));
  }

  private synchronized Map<String, Long> by(ToLongFunction<StoreSize.Kind> what) {
    Instant now = clock.instant();
    if (counted.isBefore(now.minus(FRESH))) {
      size = store.size();
      counted = now;
    }
    return size.kinds().stream()
        .collect(Collectors.toMap(StoreSize.Kind::name, what::applyAsLong, Long::sum));
  }
}
