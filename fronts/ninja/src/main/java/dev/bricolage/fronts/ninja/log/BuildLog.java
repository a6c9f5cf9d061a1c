package dev.bricolage.fronts.ninja.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.LeadingNumber;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code .ninja_log}: for each output, how it was last made. A text file that is appended to; the
 * last line about an output counts, and a line that is not whole does not.
 */
public final class BuildLog {
  /** The first line of the file. */
  public static final String SIGNATURE = "# ninja log v5\n";

  private static final String SIGNATURE_START = "# ninja log v";
  private static final int OLDEST_VERSION = 4;
  private static final int VERSION = 5;

  /** ninja writes the file anew when it has more lines than both of these allow. */
  private static final int FEW_LINES = 100;

  private static final int LINES_PER_OUTPUT = 3;

  /**
   * How an output was made.
   *
   * @param startMillis when its command started, in ms since the build did
   * @param endMillis when it ended
   * @param mtime ns since 1970: no input was newer than this when the output was made. ninja makes
   *     it again if one is. 0 stands for an edge that failed to say
   * @param commandHash {@link CommandHash} of the edge's logged command
   */
  public record Entry(int startMillis, int endMillis, long mtime, long commandHash) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private String warning = "";
  private boolean old;
  private int lines;

  /** A log without entries. */
  public BuildLog() {}

  /** Reads a log; what is damaged in it is left out. */
  public static BuildLog read(byte[] content) {
    BuildLog log = new BuildLog();
    if (content.length > 0) {
      log.readAll(content);
    }
    return log;
  }

  /** How an output was made. */
  public Optional<Entry> get(String output) {
    return Optional.ofNullable(entries.get(output));
  }

  /** All outputs. */
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /** What ninja would warn of, or empty: then the file is to be deleted and begun anew. */
  public String warning() {
    return warning;
  }

  /** Whether ninja would write the file anew before it adds to it. */
  public boolean wantsRecompaction() {
    return old || (lines > FEW_LINES && lines > entries.size() * LINES_PER_OUTPUT);
  }

  /** Notes how an output was made; returns the line to append to the file. */
  public byte[] put(String output, Entry entry) {
    entries.put(output, entry);
    lines++;
    Bytes line = new Bytes();
    write(output, entry, line);
    return line.toByteArray();
  }

  /** The whole file anew, with the outputs that are still {@code live}. */
  public byte[] toBytes(Predicate<String> live) {
    Bytes out = new Bytes();
    out.add(SIGNATURE);
    entries.forEach((output, entry) -> {
      if (live.test(output)) {
        write(output, entry, out);
      }
    });
    return out.toByteArray();
  }

  private static void write(String output, Entry entry, Bytes out) {
    out.add(entry.startMillis() + "\t" + entry.endMillis() + "\t" + entry.mtime() + "\t");
    out.add(output);
    out.add("\t" + Long.toHexString(entry.commandHash()) + "\n");
  }

  private void readAll(byte[] content) {
    int version = version(content);
    if (version < OLDEST_VERSION) {
      warning = "build log version invalid, perhaps due to being too old; starting over";
      return;
    }
    old = version < VERSION;
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        readLine(content, start, i, version);
        start = i + 1;
      }
    }
  }

  private static int version(byte[] content) {
    byte[] start = SIGNATURE_START.getBytes(UTF_8);
    if (content.length < start.length
        || Arrays.mismatch(content, 0, start.length, start, 0, start.length) >= 0) {
      return 0;
    }
    return (int) LeadingNumber.of(content, start.length, content.length, 10);
  }

  private void readLine(byte[] content, int from, int to, int version) {
    int[] tabs = new int[4];
    int found = 0;
    for (int i = from; i < to && found < tabs.length; i++) {
      if (content[i] == '\t') {
        tabs[found++] = i;
      }
    }
    if (found < tabs.length) {
      return;
    }
    long hash =
        version == OLDEST_VERSION
            ? CommandHash.of(Arrays.copyOfRange(content, tabs[3] + 1, to))
            : LeadingNumber.of(content, tabs[3] + 1, to, 16);
    Entry entry =
        new Entry(
            (int) LeadingNumber.of(content, from, tabs[0], 10),
            (int) LeadingNumber.of(content, tabs[0] + 1, tabs[1], 10),
            LeadingNumber.of(content, tabs[1] + 1, tabs[2], 10),
            hash);
    entries.put(new String(content, tabs[2] + 1, tabs[3] - tabs[2] - 1, UTF_8), entry);
    lines++;
  }
}
