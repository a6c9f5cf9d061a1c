package dev.bricolage.fronts.ninja.standing;

import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.mount.Mount;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The standing of each folder that was built lately. */
public final class Standings {
  /** So many are kept: some people have a folder for each configuration. */
  private static final int MOST = 8;

  /** What they hold together is bounded, in numbers of grounds that edges have. */
  private static final long MOST_GROUNDS = 64_000_000;

  /** So many sets of targets of a folder are kept that are up to date. */
  private static final int MOST_STILL = 4;

  private final Map<Place, Standing> latest = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Place, Map<Ints, Still>> still = new HashMap<>();

  /**
   * What a standing is of.
   *
   * @param mount where commands see the workspace
   * @param environment the variables that commands see
   * @param strict whether edges see only what they say they need
   */
  public record Place(Path folder, Mount mount, Map<String, String> environment, boolean strict) {}

  /** What is known of a place when it is built by this manifest. */
  public synchronized Standing of(Place place, Manifest manifest) {
    return Optional.ofNullable(latest.get(place))
        .filter(known -> known.isOf(manifest) && !known.isOld())
        .orElseGet(() -> Standing.nothing(manifest));
  }

  /** A build of a place has ended. */
  public synchronized void put(Place place, Standing standing) {
    latest.put(place, standing);
    still.remove(place);
    while (latest.size() > MOST || (latest.size() > 1 && weight() > MOST_GROUNDS)) {
      Place eldest = latest.keySet().iterator().next();
      latest.remove(eldest);
      still.remove(eldest);
    }
  }

  /** These targets were up to date, and what that was known by. */
  public synchronized void still(Place place, Ints targets, Still known) {
    Map<Ints, Still> kept = still.computeIfAbsent(place, p -> new LinkedHashMap<>());
    if (kept.size() >= MOST_STILL) {
      kept.clear();
    }
    kept.put(targets, known);
  }

  /** What these targets were lately known to be up to date by. */
  public synchronized Optional<Still> still(Place place, Ints targets) {
    return Optional.ofNullable(still.get(place)).map(kept -> kept.get(targets));
  }

  private long weight() {
    return latest.values().stream()
        .flatMap(standing -> standing.edges().values().stream())
        .mapToLong(settled -> settled.grounds().size())
        .sum();
  }
}
