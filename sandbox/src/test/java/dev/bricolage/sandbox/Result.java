package dev.bricolage.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a test's run gave. */
record Result(Ended ended, Captured captured) {
  String out() {
    return captured.out();
  }

  String err() {
    return captured.err();
  }

  /** Demands a good end, and that nothing went unseen. */
  Result good() {
    assertEquals(new Ended.Exited(0), ended.exit(), () -> out() + err());
    assertEquals(java.util.Optional.empty(), ended.unobserved());
    return this;
  }

  /** The questions below a path: {@code STAT /p}, or {@code STAT /p absent}. */
  Set<String> below(String path) {
    return ended.sightings().stream()
        .filter(s -> s.path().startsWith(path + "/"))
        .map(s -> s.kind() + " " + s.path() + (s.existed() ? "" : " absent"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  boolean asked(Sighting.Kind kind, String path, boolean existed) {
    return ended.sightings().contains(new Sighting(kind, path, existed));
  }
}
