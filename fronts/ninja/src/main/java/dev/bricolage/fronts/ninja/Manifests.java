package dev.bricolage.fronts.ninja;

import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Manifests that were read lately, each for as long as all of its files are the same: a large one
 * takes longer to read than a build that has nothing to do.
 */
final class Manifests {
  /** Some people have a build folder for each configuration. */
  private static final int MOST = 8;

  /** What they hold together is bounded: 100,000 edges are about 35 MB. */
  private static final int MOST_EDGES = 400_000;

  /** A file system's clock stands still for so long; in it a file may change unseen. */
  private static final long GRANULARITY = 20_000_000L;

  private final Map<Place, Known> latest = new LinkedHashMap<>(16, 0.75f, true);

  private record Place(Path directory, String file, Choices choices) {}

  private record Known(Manifest manifest, Map<Path, Stat> files, List<String> warnings) {
    boolean isSame() throws IOException {
      for (Map.Entry<Path, Stat> file : files.entrySet()) {
        if (!Stat.following(file.getKey()).sameContent(file.getValue())) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * The manifest in a file, the very same object if nothing changed.
   *
   * @param file as the user names it, relative to {@code directory}
   * @param warning is told what ninja would print after {@code ninja: warning: }
   */
  Manifest read(Path directory, String file, Choices choices, Consumer<String> warning)
      throws NinjaError, IOException {
    Place place = new Place(directory, file, choices);
    Optional<Known> known = get(place);
    if (known.isPresent() && known.get().isSame()) {
      known.get().warnings().forEach(warning);
      return known.get().manifest();
    }
    long began = Instant.now().toEpochMilli() * 1_000_000L;
    Map<Path, Stat> files = new HashMap<>();
    List<String> warnings = new ArrayList<>();
    Manifest manifest =
        Manifest.read(
            file,
            path -> content(directory.resolve(path), files),
            choices,
            text -> {
              warnings.add(text);
              warning.accept(text);
            });
    if (files.values().stream().allMatch(stat -> began - stat.ctime() > GRANULARITY)) {
      put(place, new Known(manifest, files, warnings));
    }
    return manifest;
  }

  private synchronized Optional<Known> get(Place place) {
    return Optional.ofNullable(latest.get(place));
  }

  private synchronized void put(Place place, Known known) {
    latest.put(place, known);
    while (latest.size() > MOST || (latest.size() > 1 && edges() > MOST_EDGES)) {
      latest.remove(latest.keySet().iterator().next());
    }
  }

  private int edges() {
    return latest.values().stream().mapToInt(known -> known.manifest().edgeCount()).sum();
  }

  private static Optional<byte[]> content(Path file, Map<Path, Stat> files) throws IOException {
    files.put(file, Stat.following(file));
    if (Files.isDirectory(file)) {
      throw new IOException("Is a directory");
    }
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
