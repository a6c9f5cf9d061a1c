package dev.bricolage.store.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the kernel said of many paths at one moment, to be compared with what it says later. While
 * all is the same, so is all that was learnt from these paths: bytes, targets of links, names in
 * folders. A question costs one system call a path and next to no memory, so that hundreds of
 * thousands can be asked each time somebody wants to know that nothing happened.
 *
 * <p>What tells a change is the identity of what is there: device, inode, mode, size, mtime and
 * ctime, which is the kernel's own. A clock has grains, so what has changed within the last of them
 * cannot be relied on, and there is no stillness yet.
 */
public final class Stillness {
  /** Two ticks of a kernel with 100 a second, in nanoseconds. */
  private static final long GRAIN = 20_000_000L;

  /** FAT counts in steps of two seconds; in nanoseconds. */
  private static final long COARSE_GRAIN = 2_000_000_000L;

  private static final long SECOND = 1_000_000_000L;
  private static final int ASKED = 0x7ff | 0x4000; // basic statistics, the mount's number
  private static final int MOUNT_ID_UNIQUE = 0x4000;

  /** Device, inode, mode, size, mtime, ctime, mount. */
  private static final int WORDS = 7;

  private static final int CHUNK = 2048;

  private final MemorySegment names;
  private final int[] starts;
  private final boolean[] followed;
  private final long[] words;

  private Stillness(MemorySegment names, int[] starts, boolean[] followed) {
    this.names = names;
    this.starts = starts;
    this.followed = followed;
    this.words = new long[starts.length * WORDS];
  }

  /**
   * Looks at all paths.
   *
   * @param paths final symbolic links are not followed
   * @param followed of these what they lead to counts, too
   * @param since nanoseconds since 1970; what is told holds from then on
   * @return empty when something has changed since, or too shortly before for a clock to tell; when
   *     what is to be followed leads nowhere; when the kernel does not answer
   */
  public static Optional<Stillness> since(
      long since, Collection<Path> paths, Collection<Path> followed) throws IOException {
    List<Path> all = new ArrayList<>(paths);
    int plain = all.size();
    for (Path path : followed) {
      if (Stat.of(path).isSymlink()) {
        all.add(path);
      }
    }
    byte[][] texts = new byte[all.size()][];
    int length = 0;
    for (int i = 0; i < texts.length; i++) {
      texts[i] = HostFiles.bytes(all.get(i));
      length = Math.addExact(length, texts[i].length + 1);
    }
    MemorySegment names = Arena.ofAuto().allocate(Math.max(1, length));
    int[] starts = new int[texts.length];
    boolean[] follow = new boolean[texts.length];
    int at = 0;
    for (int i = 0; i < texts.length; i++) {
      starts[i] = at;
      follow[i] = i >= plain;
      MemorySegment.copy(texts[i], 0, names, JAVA_BYTE, at, texts[i].length);
      at += texts[i].length + 1; // the segment is zero where nothing was written
    }
    Stillness still = new Stillness(names, starts, follow);
    return still.inChunks((state, out, path, place) -> still.note(state, out, path, place, since))
        ? Optional.of(still)
        : Optional.empty();
  }

  /** Whether everything is as it was. */
  public boolean lasts() {
    return inChunks(this::isSame);
  }

  /** How many paths it looks at. */
  public int size() {
    return starts.length;
  }

  /** What is asked of one path. */
  private interface Look {
    boolean at(MemorySegment state, MemorySegment out, int path, long[] place);
  }

  /** Whether all paths pass; on as many threads as there are processors. */
  private boolean inChunks(Look look) {
    return IntStream.rangeClosed(0, (starts.length - 1) / CHUNK)
        .parallel()
        .allMatch(chunk -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment out = arena.allocate(Libc.STATX_BYTES, 8);
            long[] place = new long[WORDS];
            int end = Math.min(starts.length, (chunk + 1) * CHUNK);
            for (int path = chunk * CHUNK; path < end; path++) {
              if (!look.at(state, out, path, place)) {
                return false;
              }
            }
            return true;
          }
        });
  }

  private boolean note(MemorySegment state, MemorySegment out, int path, long[] place, long since) {
    if (!read(state, out, path, place)) {
      return false;
    }
    boolean absent = place[2] == 0;
    if (absent && followed[path]) {
      return false;
    }
    long ctime = place[5];
    long grain = ctime % SECOND == 0 ? COARSE_GRAIN : GRAIN;
    if (!absent && ctime >= since - grain) {
      return false;
    }
    System.arraycopy(place, 0, words, path * WORDS, WORDS);
    return true;
  }

  private boolean isSame(MemorySegment state, MemorySegment out, int path, long[] place) {
    if (!read(state, out, path, place)) {
      return false;
    }
    for (int word = 0; word < WORDS; word++) {
      if (place[word] != words[path * WORDS + word]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the kernel answers. Offsets are those of {@code struct statx}, {@code linux/stat.h}.
   */
  private boolean read(MemorySegment state, MemorySegment out, int path, long[] place) {
    int flags = followed[path] ? 0 : Libc.AT_SYMLINK_NOFOLLOW;
    MemorySegment name = names.asSlice(starts[path]);
    int result = Libc.statx(state, Libc.AT_FDCWD, name, flags, ASKED, out);
    if (result == -Libc.ENOENT || result == -Libc.ENOTDIR) {
      Arrays.fill(place, 0);
      return true;
    }
    if (result < 0) {
      return false;
    }
    place[0] =
        ((out.get(JAVA_INT, 136) & 0xffffffffL) << 32) | (out.get(JAVA_INT, 140) & 0xffffffffL);
    place[1] = out.get(JAVA_LONG, 32);
    place[2] = out.get(JAVA_SHORT, 28) & 0xffff;
    place[3] = out.get(JAVA_LONG, 40);
    place[4] = out.get(JAVA_LONG, 112) * SECOND + out.get(JAVA_INT, 120);
    place[5] = out.get(JAVA_LONG, 96) * SECOND + out.get(JAVA_INT, 104);
    boolean coarse = place[5] % SECOND == 0;
    boolean numbered = (out.get(JAVA_INT, 0) & MOUNT_ID_UNIQUE) != 0;
    place[6] = coarse && numbered ? out.get(JAVA_LONG, 144) : 0;
    return true;
  }
}
