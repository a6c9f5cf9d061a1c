package dev.bricolage.fronts.ninja.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.fronts.ninja.text.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * {@code .ninja_deps}: for each output of an edge with {@code deps}, what its command said it read.
 *
 * <p>The file is {@code # ninjadeps}, a line feed, the version, and records that are appended, all
 * numbers of 32 bits, low byte first. A record is its length and then either a path, padded with
 * NULs to whole numbers, and the complement of its id, ids being counted from 0; or, the length's
 * top bit set, an output's id, its mtime in ns in two halves, low one first, and the ids of its
 * inputs. The last record of an output counts.
 */
public final class DepsLog {
  private static final byte[] SIGNATURE = "# ninjadeps\n".getBytes(UTF_8);
  private static final int VERSION = 4;
  private static final int HEADER = SIGNATURE.length + 4;
  private static final int LONGEST_RECORD = (1 << 19) - 1;
  private static final int DEPS_BIT = 1 << 31;

  /** ninja writes the file anew when it has more records than both of these allow. */
  private static final int FEW_RECORDS = 1000;

  private static final int RECORDS_PER_OUTPUT = 3;

  /**
   * What an output's command read.
   *
   * @param mtime of the output, ns since 1970; ninja does not believe the rest if it is newer now
   * @param inputs canonical paths
   */
  public record Deps(long mtime, List<String> inputs) {
    /** Copies the list. */
    public Deps {
      inputs = List.copyOf(inputs);
    }
  }

  private record Row(long mtime, Ids ids) {}

  /** Ids of paths, compared by value. */
  private static final class Ids {
    final int[] ids;

    Ids(int[] ids) {
      this.ids = ids;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Ids that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }
  }

  private final List<String> paths = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, Row> rows = new LinkedHashMap<>();
  private int records;
  private int validLength;
  private String warning = "";

  /** A log without records, whose file is still to be begun with {@link #header}. */
  public DepsLog() {}

  /** Reads a log, as far as it is whole. */
  public static DepsLog read(byte[] content) {
    DepsLog log = new DepsLog();
    if (!log.hasHeader(content)) {
      log.warning = "bad deps log signature or version; starting over";
      return log;
    }
    log.readRecords(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    return log;
  }

  /** How a file begins. */
  public static byte[] header() {
    return ByteBuffer.allocate(HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(SIGNATURE)
        .putInt(VERSION)
        .array();
  }

  /** What ninja would warn of, or empty. */
  public String warning() {
    return warning;
  }

  /** How much of the file is good, in bytes: cut off the rest before appending. 0: begin anew. */
  public int validLength() {
    return validLength;
  }

  /** What an output's command read, if it is known. */
  public Optional<Deps> get(String output) {
    Integer id = ids.get(output);
    Row row = id == null ? null : rows.get(id);
    if (row == null) {
      return Optional.empty();
    }
    List<String> inputs = new ArrayList<>();
    for (int input : row.ids().ids) {
      inputs.add(paths.get(input));
    }
    return Optional.of(new Deps(row.mtime(), inputs));
  }

  /** The outputs that are known, in the order they were first recorded. */
  public List<String> outputs() {
    return rows.keySet().stream().map(paths::get).toList();
  }

  /** Whether ninja would write the file anew before it adds to it. */
  public boolean wantsRecompaction() {
    return records > FEW_RECORDS && records > rows.size() * RECORDS_PER_OUTPUT;
  }

  /**
   * Notes what an output's command read.
   *
   * @return what to append to the file; nothing if all of it was known
   * @throws IllegalArgumentException if it is more than ninja could read back
   */
  public byte[] put(String output, Deps deps) {
    int length = 4 * (3 + deps.inputs().size());
    if (length > LONGEST_RECORD) {
      throw new IllegalArgumentException(
          output + " has too many inputs for .ninja_deps: " + deps.inputs().size());
    }
    Bytes out = new Bytes();
    int id = id(output, out);
    int[] inputs = deps.inputs().stream().mapToInt(input -> id(input, out)).toArray();
    Row row = new Row(deps.mtime(), new Ids(inputs));
    if (row.equals(rows.get(id))) {
      return new byte[0];
    }
    addInt(length | DEPS_BIT, out);
    addInt(id, out);
    addInt((int) deps.mtime(), out);
    addInt((int) (deps.mtime() >>> 32), out);
    for (int input : inputs) {
      addInt(input, out);
    }
    rows.put(id, row);
    records++;
    return out.toByteArray();
  }

  /** The whole file anew, with the outputs that are still {@code live}. */
  public byte[] toBytes(Predicate<String> live) {
    DepsLog fresh = new DepsLog();
    Bytes out = new Bytes();
    out.add(header());
    for (String output : outputs()) {
      if (live.test(output)) {
        get(output).ifPresent(deps -> out.add(fresh.put(output, deps)));
      }
    }
    return out.toByteArray();
  }

  private boolean hasHeader(byte[] content) {
    return content.length >= HEADER && Arrays.equals(content, 0, HEADER, header(), 0, HEADER);
  }

  private void readRecords(ByteBuffer in) {
    in.position(HEADER);
    validLength = HEADER;
    while (in.remaining() >= 4) {
      int head = in.getInt();
      int length = head & ~DEPS_BIT;
      boolean whole =
          length <= LONGEST_RECORD
              && length <= in.remaining()
              && length >= 4
              && (head < 0 ? readDeps(in, length) : readPath(in, length));
      if (!whole) {
        warning = "premature end of file; recovering";
        return;
      }
      validLength = in.position();
    }
  }

  private boolean readPath(ByteBuffer in, int length) {
    byte[] bytes = new byte[length - 4];
    in.get(bytes);
    int end = bytes.length;
    while (end > 0 && end > bytes.length - 3 && bytes[end - 1] == 0) {
      end--;
    }
    String path = new String(bytes, 0, end, UTF_8);
    // Two ninjas that wrote at once gave one id twice: what follows is about other paths.
    if (end == 0 || in.getInt() != ~paths.size() || ids.containsKey(path)) {
      return false;
    }
    ids.put(path, paths.size());
    paths.add(path);
    return true;
  }

  private boolean readDeps(ByteBuffer in, int length) {
    if (length % 4 != 0 || length < 12) {
      return false;
    }
    int output = in.getInt();
    long mtime = (in.getInt() & 0xffffffffL) | ((long) in.getInt() << 32);
    int[] inputs = IntStream.generate(in::getInt).limit(length / 4 - 3).toArray();
    boolean known = isKnown(output) && IntStream.of(inputs).allMatch(this::isKnown);
    if (known) {
      rows.put(output, new Row(mtime, new Ids(inputs)));
      records++;
    }
    return known;
  }

  private boolean isKnown(int id) {
    return id >= 0 && id < paths.size();
  }

  private int id(String path, Bytes out) {
    Integer known = ids.get(path);
    if (known != null) {
      return known;
    }
    byte[] bytes = path.getBytes(UTF_8);
    int padded = (bytes.length + 3) / 4 * 4;
    int id = paths.size();
    addInt(padded + 4, out);
    out.add(Arrays.copyOf(bytes, padded));
    addInt(~id, out);
    ids.put(path, id);
    paths.add(path);
    return id;
  }

  private static void addInt(int value, Bytes out) {
    out.add(value);
    out.add(value >>> 8);
    out.add(value >>> 16);
    out.add(value >>> 24);
  }
}
