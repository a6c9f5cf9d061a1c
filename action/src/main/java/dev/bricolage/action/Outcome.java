package dev.bricolage.action;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What came of a command: an REAPI {@code ActionResult} (exit code, files, symbolic links, stdout,
 * stderr), and in fields that other readers skip what a run in a workspace needs besides: folders
 * made, paths deleted, and the order in which the two streams were written.
 *
 * @param exitCode the command's own
 * @param changes every file, link or folder that was created or changed
 * @param rewritten of the changed paths, those where something was before: sources still, no
 *     products
 * @param deleted paths that were there before and are not any more, shallowest first
 * @param stdout the bytes written to standard output
 * @param stderr the bytes written to standard error
 * @param console in which order stdout and stderr were written
 */
public record Outcome(
    int exitCode,
    SortedMap<TreePath, Entry> changes,
    Set<TreePath> rewritten,
    List<TreePath> deleted,
    Digest stdout,
    Digest stderr,
    List<Span> console) {

  private static final int FOLDER = 1001;
  private static final int DELETED = 1002;
  private static final int CONSOLE = 1003;
  private static final int REWRITTEN = 1004;

  /**
   * A stretch of console output.
   *
   * @param stderr whether it went to standard error
   * @param length its bytes
   */
  public record Span(boolean stderr, long length) {
    /** Refuses a negative length. */
    public Span {
      if (length < 0) {
        throw new IllegalArgumentException(
            "a stretch of output cannot be shorter than nothing: " + length);
      }
    }
  }

  /** Copies, sorted; refuses an outcome that replaces or deletes the workspace itself. */
  public Outcome {
    if (changes.containsKey(TreePath.ROOT)
        || rewritten.contains(TreePath.ROOT)
        || deleted.contains(TreePath.ROOT)) {
      throw new IllegalArgumentException("an outcome cannot change the workspace's own root");
    }
    SortedMap<TreePath, Entry> sorted = new TreeMap<>();
    sorted.putAll(changes);
    changes = java.util.Collections.unmodifiableSortedMap(sorted);
    rewritten = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(rewritten));
    deleted = List.copyOf(deleted);
    console = List.copyOf(console);
  }

  /** Every blob that must be at hand for this outcome to be replayed. */
  public Set<Digest> blobs() {
    Set<Digest> blobs = new LinkedHashSet<>();
    for (Entry entry : changes.values()) {
      if (entry instanceof Entry.File file) {
        blobs.add(file.digest());
      }
    }
    blobs.add(stdout);
    blobs.add(stderr);
    return blobs;
  }

  /** The protobuf encoding. */
  public byte[] encode() {
    Wire files = new Wire();
    Wire links = new Wire();
    Wire folders = new Wire();
    for (Map.Entry<TreePath, Entry> change : changes.entrySet()) {
      Wire node = new Wire().text(1, change.getKey().value());
      switch (change.getValue()) {
        case Entry.File file ->
            files.message(2, node.digest(2, file.digest()).flag(4, file.executable()));
        case Entry.Link link -> links.message(12, node.text(2, link.target()));
        case Entry.Folder folder -> folders.element(FOLDER, change.getKey().value());
      }
    }
    Wire rest = new Wire();
    deleted.forEach(path -> rest.element(DELETED, path.value()));
    console.forEach(
        span -> rest.message(CONSOLE, new Wire().flag(1, span.stderr()).number(2, span.length())));
    rewritten.forEach(path -> rest.element(REWRITTEN, path.value()));
    Wire codes = new Wire().number(4, exitCode).digest(6, stdout).digest(8, stderr);
    return concatenated(files, codes, links, folders, rest);
  }

  private static byte[] concatenated(Wire... parts) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (Wire part : parts) {
      all.writeBytes(part.toBytes());
    }
    return all.toByteArray();
  }

  /**
   * Reads an encoding.
   *
   * @throws IllegalArgumentException when the bytes are not an outcome
   */
  public static Outcome decode(byte[] message) {
    Reading reading = new Reading();
    Wire.read(message, reading::take);
    return new Outcome(
        reading.exitCode,
        reading.changes,
        reading.rewritten,
        reading.deleted,
        reading.stdout,
        reading.stderr,
        reading.console);
  }

  private static final class Reading {
    private int exitCode;
    private final SortedMap<TreePath, Entry> changes = new TreeMap<>();
    private final Set<TreePath> rewritten = new TreeSet<>();
    private final List<TreePath> deleted = new ArrayList<>();
    private Digest stdout = Digest.EMPTY;
    private Digest stderr = Digest.EMPTY;
    private final List<Span> console = new ArrayList<>();

    void take(Wire.Field field) {
      switch (field.number()) {
        case 2 -> {
          Directory.FileNode file = Directory.file(field.bytes());
          changes.put(new TreePath(file.name()), new Entry.File(file.digest(), file.executable()));
        }
        case 4 -> exitCode = (int) field.value();
        case 6 -> stdout = field.digest();
        case 8 -> stderr = field.digest();
        case 12 -> {
          Directory.SymlinkNode link = Directory.symlink(field.bytes());
          changes.put(new TreePath(link.name()), new Entry.Link(link.target()));
        }
        case FOLDER -> changes.put(new TreePath(field.text()), new Entry.Folder());
        case DELETED -> deleted.add(new TreePath(field.text()));
        case REWRITTEN -> rewritten.add(new TreePath(field.text()));
        case CONSOLE -> console.add(span(field.bytes()));
        default -> {}
      }
    }

    private static Span span(byte[] message) {
      boolean[] stderr = {false};
      long[] length = {0};
      Wire.read(
          message,
          field -> {
            switch (field.number()) {
              case 1 -> stderr[0] = field.flag();
              case 2 -> length[0] = field.value();
              default -> {}
            }
          });
      return new Span(stderr[0], length[0]);
    }
  }
}
