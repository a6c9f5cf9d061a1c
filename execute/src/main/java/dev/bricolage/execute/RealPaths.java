package dev.bricolage.execute;

import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where names lead through symbolic links, remembered as long as no folder with a link on the way
 * changes: a link is made and removed in a folder, never changed in place.
 */
final class RealPaths {
  /** As many links as the kernel follows. */
  private static final int LINKS = 40;

  /** A folder whose clock has not ticked since may have changed unseen. */
  private static final long TICK = Duration.ofMillis(20).toNanos();

  private final Map<Path, Way> known = new ConcurrentHashMap<>();

  /**
   * A name's.
   *
   * @param end empty when it leads nowhere
   * @param folders those that hold the name and each link, as they were
   */
  private record Way(Optional<String> end, Map<Path, Stat> folders) {}

  /** A look at one moment: a folder is asked about once for all names in it. */
  Look look() {
    return new Look();
  }

  /** One moment's look. */
  final class Look {
    private final long settled = Instant.now().toEpochMilli() * 1_000_000 - TICK;
    private final Map<Path, Stat> folders = new HashMap<>();

    /** The physical path; empty when the name leads nowhere. */
    Optional<String> real(Path name) throws IOException {
      Way way = known.get(name);
      if (way == null || !stands(way)) {
        way = found(name);
        if (way.folders().values().stream().allMatch(folder -> folder.ctime() < settled)) {
          known.put(name, way);
        }
      }
      return way.end();
    }

    private boolean stands(Way way) throws IOException {
      for (Map.Entry<Path, Stat> folder : way.folders().entrySet()) {
        if (!folder.getValue().sameContent(now(folder.getKey()))) {
          return false;
        }
      }
      return true;
    }

    private Stat now(Path folder) throws IOException {
      Stat stat = folders.get(folder);
      if (stat == null) {
        stat = Stat.following(folder);
        folders.put(folder, stat);
      }
      return stat;
    }

    private Way found(Path name) throws IOException {
      Map<Path, Stat> passed = new HashMap<>();
      try {
        Path at = name;
        for (int links = 0; links < LINKS; links++) {
          Path folder = at.resolveSibling("");
          passed.put(folder, now(folder));
          if (!Files.isSymbolicLink(at)) {
            break;
          }
          at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return new Way(Optional.of(name.toRealPath().toString()), passed);
      } catch (FileSystemException nowhere) {
        return new Way(Optional.empty(), passed);
      }
    }
  }
}
