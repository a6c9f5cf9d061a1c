package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Looks whether what edges made lies where it belongs. Changes nothing. */
final class AtHome {
  private final BuildFolder folder;
  private final Needs needs;
  private final FileDigests digests;
  private final Map<Integer, Long> groups = new ConcurrentHashMap<>();

  /** Times by paths' numbers, where they stand still; {@link #UNKNOWN} where none was looked at. */
  private final long[] times;

  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final long ABSENT = -1;

  /** Looks into a folder in which things are made meanwhile. */
  AtHome(BuildFolder folder, Needs needs, FileDigests digests) {
    this(folder, needs, digests, 0);
  }

  private AtHome(BuildFolder folder, Needs needs, FileDigests digests, int remembered) {
    this.folder = folder;
    this.needs = needs;
    this.digests = digests;
    this.times = new long[remembered];
    Arrays.fill(times, UNKNOWN);
  }

  /** Looks at each path once, for one thread: nothing is made meanwhile. */
  static AtHome still(BuildFolder folder, Needs needs, FileDigests digests) {
    return new AtHome(folder, needs, digests, needs.manifest().pathCount());
  }

  /** Whether all that was made is there, and what was deleted is not. */
  boolean isThere(Made made) throws IOException {
    for (Map.Entry<TreePath, Entry> change : made.changes().entrySet()) {
      if (!isThere(change.getKey(), change.getValue())) {
        return false;
      }
    }
    for (TreePath gone : made.deleted()) {
      if (Stat.of(file(gone)).exists()) {
        return false;
      }
    }
    return true;
  }

  /** Whether this lies there. */
  boolean isThere(TreePath path, Entry entry) throws IOException {
    try {
      return isThere(file(path), entry);
    } catch (NoSuchFileException vanished) {
      return false;
    }
  }

  private boolean isThere(Path file, Entry entry) throws IOException {
    Stat stat = Stat.of(file);
    return switch (entry) {
      case Entry.Folder() -> stat.isDirectory();
      case Entry.Link(String target) ->
          stat.isSymlink() && Files.readSymbolicLink(file).toString().equals(target);
      case Entry.File made ->
          stat.isFile()
              && stat.executable() == made.executable()
              && digests.digest(file, stat).equals(made.digest());
    };
  }

  /**
   * Whether plain ninja, which goes by times, would leave an edge alone: all is there, in order.
   */
  boolean isNewer(int edge) throws IOException {
    Optional<Long> newest = newestInput(edge);
    if (newest.isEmpty()) {
      return false;
    }
    for (int output : needs.outputs(edge)) {
      if (time(output) < newest.get()) {
        return false;
      }
    }
    return true;
  }

  /**
   * When the newest input was made, in nanoseconds since 1970; empty when one is missing.
   * Order-only inputs do not count, as with ninja.
   */
  Optional<Long> newestInput(int edge) throws IOException {
    long newest = 0;
    for (int input : needs.saidInputs(edge)) {
      long time = time(input);
      if (time != ABSENT) {
        newest = Math.max(newest, time);
      } else if (needs.isPhony(input)) {
        newest = Math.max(newest, newestOfGroup(needs.producer(input)));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(newest);
  }

  private long time(int path) throws IOException {
    if (path < times.length && times[path] != UNKNOWN) {
      return times[path];
    }
    Stat stat = Stat.following(folder.onDisk(needs.path(path)));
    long time = stat.exists() ? Math.max(0, stat.mtime()) : ABSENT;
    if (path < times.length) {
      times[path] = time;
    }
    return time;
  }

  /** A name that stands for others is as new as they are; all of them are made by now. */
  private long newestOfGroup(int edge) throws IOException {
    Long known = groups.get(edge);
    if (known == null) {
      known = newestInput(edge).orElse(0L);
      groups.put(edge, known);
    }
    return known;
  }

  /** The paths whose times it has looked at, links followed; of those that stand still. */
  List<Path> timed() {
    return IntStream.range(0, times.length)
        .filter(path -> times[path] != UNKNOWN)
        .mapToObj(path -> folder.onDisk(needs.path(path)))
        .toList();
  }

  private Path file(TreePath path) {
    return folder.workspace().resolve(path);
  }
}
