package dev.bricolage.store;

import dev.bricolage.store.host.DiskFull;
import dev.bricolage.store.host.HostFile;
import dev.bricolage.store.host.HostFiles;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Transactions that are not in the database yet, in a file: one record and one {@code write(2)}
 * each. It survives the process, for the kernel has it, and is not meant to survive the machine: it
 * is never synced, and after a crash of the machine never read, since its blobs may be torn.
 *
 * <p>A record is its length and the CRC-32C of the rest, then table, key and value of each change;
 * a torn one at the end is one that never happened.
 */
final class Journal implements AutoCloseable {
  private static final int HEADER_BYTES = 8;
  private static final int REMOVED = -1;

  private final Home home;
  private final Path path;
  private final HostFile file;
  private long size;

  Journal(Home home, Path path) throws IOException {
    this.home = home;
    this.path = path;
    this.file = HostFile.create(HostFiles.bytes(path), 0600);
  }

  Path path() {
    return path;
  }

  /** Adds a transaction, wholly or, with {@link NoSpace}, not at all. */
  void append(List<Rows.Change> changes) throws IOException {
    byte[] record = encode(changes);
    try {
      file.write(record, 0, record.length);
      size += record.length;
    } catch (DiskFull e) {
      file.truncate(size);
      throw new NoSpace(home.root(), e);
    } catch (IOException e) {
      file.truncate(size);
      throw e;
    }
  }

  private static byte[] encode(List<Rows.Change> changes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(0);
      for (Rows.Change change : changes) {
        out.writeByte(change.table().number);
        out.writeShort(change.key().length);
        out.write(change.key());
        out.writeInt(change.value().map(v -> v.length).orElse(REMOVED));
        out.write(change.value().orElse(new byte[0]));
      }
    } catch (IOException e) {
      throw new AssertionError("memory does not fail so", e);
    }
    byte[] record = bytes.toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(record, HEADER_BYTES, record.length - HEADER_BYTES);
    ByteBuffer.wrap(record).putInt(record.length - HEADER_BYTES).putInt((int) crc.getValue());
    return record;
  }

  /** The changes of all whole transactions in a journal, oldest first. */
  static List<Rows.Change> read(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    List<Rows.Change> changes = new ArrayList<>();
    while (bytes.remaining() >= HEADER_BYTES) {
      int length = bytes.getInt();
      int check = bytes.getInt();
      if (length < 0 || length > bytes.remaining() || !isWhole(bytes, length, check)) {
        return changes;
      }
      ByteBuffer record = bytes.slice(bytes.position(), length);
      bytes.position(bytes.position() + length);
      if (!decode(record, changes)) {
        return changes;
      }
    }
    return changes;
  }

  private static boolean isWhole(ByteBuffer bytes, int length, int check) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(bytes.position(), length));
    return (int) crc.getValue() == check;
  }

  private static boolean decode(ByteBuffer record, List<Rows.Change> into) {
    List<Rows.Change> changes = new ArrayList<>();
    try {
      while (record.hasRemaining()) {
        Table table = Table.numbered(record.get()).orElseThrow();
        byte[] key = new byte[record.getShort()];
        record.get(key);
        int length = record.getInt();
        byte[] value = new byte[Math.max(0, length)];
        record.get(value);
        changes.add(
            new Rows.Change(table, key, length == REMOVED ? Optional.empty() : Optional.of(value)));
      }
    } catch (BufferUnderflowException | NoSuchElementException | NegativeArraySizeException e) {
      return false; // whole but not ours: another version's
    }
    into.addAll(changes);
    return true;
  }

  /** Removes the file: its transactions are in the database. */
  void delete() throws IOException {
    close();
    HostFiles.unlink(HostFiles.bytes(path));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public String toString() {
    return "journal " + path + ", " + size + " bytes";
  }

  /** The journals of a session in {@code folder}, oldest first. */
  static List<Path> of(Path folder, String session) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(session + "."))
          .filter(f -> f.toString().endsWith(".journal"))
          .sorted(Comparator.comparingInt(Journal::number))
          .toList();
    }
  }

  private static int number(Path journal) {
    return Integer.parseInt(journal.getFileName().toString().split("\\.", -1)[1]);
  }
}
