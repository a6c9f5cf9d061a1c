package dev.bricolage.workspace;

import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was parsed from files (ignore rules, indexes), as long as they are the same files. Bounded
 * by starting over.
 *
 * @param <T> what a file is parsed to
 */
public final class FileCache<T> {
  private static final int MOST = 20_000;
  private static final long GRANULARITY = 20_000_000L;

  private final Parser<T> parser;
  private final Map<Path, Parsed<T>> parsed = new ConcurrentHashMap<>();

  /** Reads one file; it may have vanished, which is the parser's to answer. */
  public interface Parser<T> {
    /** What the file says. */
    T parse(Path file) throws IOException;
  }

  private record Parsed<T>(Stat stat, T value) {}

  /** Nothing is known yet. */
  public FileCache(Parser<T> parser) {
    this.parser = parser;
  }

  /** What the file says that was found so. */
  public T get(Path file, Stat stat) throws IOException {
    Parsed<T> known = parsed.get(file);
    if (known != null && known.stat().sameContent(stat)) {
      return known.value();
    }
    T value = parser.parse(file);
    boolean settled =
        java.time.Instant.now().toEpochMilli() * 1_000_000L - stat.ctime() > GRANULARITY;
    if (settled) {
      if (parsed.size() >= MOST) {
        parsed.clear();
      }
      parsed.put(file, new Parsed<>(stat, value));
    }
    return value;
  }
}
