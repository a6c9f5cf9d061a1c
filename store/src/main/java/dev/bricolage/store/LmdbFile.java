package dev.bricolage.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/**
 * Looks whether an LMDB file is whole without mapping it. LMDB itself trusts its file: a page that
 * a mapping cannot reach, or an offset that leads out of a page, ends the process. So before it
 * gets a file that a killed process or a crash left, every page that can be reached is read and its
 * bounds are checked; 100 MB take about a tenth of a second. Values have checksums of their own
 * ({@link Sealed}).
 *
 * <p>The layout is that of LMDB 0.9, {@code mdb.c}: {@code MDB_page}, {@code MDB_meta}, {@code
 * MDB_db}, {@code MDB_node}.
 */
final class LmdbFile {
  private static final int MAGIC = 0xBEEFC0DE;
  private static final int DATA_VERSION = 1;
  private static final int PAGE_HEADER = 16;
  private static final int NODE_HEADER = 8;
  private static final int DB_BYTES = 48;
  private static final int DB_ROOT = 40;
  private static final long NO_PAGE = -1;

  private static final int BRANCH = 1;
  private static final int LEAF = 2;
  private static final int OVERFLOW = 4;
  private static final int META = 8;

  private static final int BIG_DATA = 1;
  private static final int SUB_DATA = 2;

  private final FileChannel file;
  private final int pageBytes;
  private final long pages;
  private final BitSet used = new BitSet();
  private final BitSet free = new BitSet();
  private final Deque<Long> todo = new ArrayDeque<>();

  private LmdbFile(FileChannel file, int pageBytes) throws IOException {
    this.file = file;
    this.pageBytes = pageBytes;
    this.pages = file.size() / pageBytes;
  }

  /** A file's damage, thrown inside here only. */
  private static final class Damage extends Exception {
    private static final long serialVersionUID = 1;

    Damage(String what) {
      super(what);
    }
  }

  /** The newer of a file's two heads. */
  private record Head(int pageBytes, long lastPage, long transaction, long freeRoot, long root) {}

  /**
   * What is wrong with the file, if something is; an absent or empty one is not wrong.
   *
   * @param thorough whether every page is looked at; else only when the file is shorter than it
   *     says, which is allowed when the missing pages are free ones
   */
  static Optional<String> damage(Path path, boolean thorough) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return Optional.empty();
    }
    try (FileChannel file = FileChannel.open(path)) {
      Head head = head(file);
      LmdbFile pages = new LmdbFile(file, head.pageBytes);
      if (thorough || head.lastPage >= pages.pages) {
        pages.check(head);
      }
      return Optional.empty();
    } catch (Damage e) {
      return Optional.of(Home.reason(e));
    }
  }

  private static Head head(FileChannel file) throws IOException, Damage {
    Head first = head(file, 0, 0);
    Head second = head(file, first.pageBytes, 1);
    return second.transaction > first.transaction ? second : first;
  }

  private static Head head(FileChannel file, long offset, int number) throws IOException, Damage {
    ByteBuffer in = read(file, offset, PAGE_HEADER + 24 + 2 * DB_BYTES + 16);
    int at = PAGE_HEADER;
    if ((in.getShort(10) & META) == 0
        || in.getInt(at) != MAGIC
        || (in.getInt(at + 4) & 0xffff) != DATA_VERSION) {
      throw new Damage("head " + number + " is not one");
    }
    int dbs = at + 24;
    int pageBytes = in.getInt(dbs);
    if (Integer.bitCount(pageBytes) != 1 || pageBytes < 512 || pageBytes > 1 << 16) {
      throw new Damage("pages of " + pageBytes + " bytes");
    }
    int rest = dbs + 2 * DB_BYTES;
    return new Head(
        pageBytes,
        in.getLong(rest),
        in.getLong(rest + 8),
        in.getLong(dbs + DB_ROOT),
        in.getLong(dbs + DB_BYTES + DB_ROOT));
  }

  private static ByteBuffer read(FileChannel file, long offset, int count)
      throws IOException, Damage {
    ByteBuffer in = ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
    while (in.hasRemaining()) {
      if (file.read(in, offset + in.position()) < 0) {
        throw new Damage("the file ends at " + file.size());
      }
    }
    return in.flip();
  }

  private void check(Head head) throws IOException, Damage {
    walk(head.freeRoot, (first, size) -> collectFree(first, size, head.lastPage));
    walk(head.root, (in, size) -> {});
    if (free.intersects(used)) {
      free.and(used);
      throw new Damage("page " + free.nextSetBit(0) + " is used and free");
    }
  }

  /** What is done with each value of a tree. */
  private interface Values {
    void see(ByteBuffer value, long size) throws IOException, Damage;
  }

  private void walk(long root, Values values) throws IOException, Damage {
    follow(root);
    while (!todo.isEmpty()) {
      page(todo.pop(), values);
    }
  }

  /** A value of the tree of free pages: their count, then their numbers. */
  private void collectFree(ByteBuffer value, long size, long last) throws Damage {
    long count = size < Long.BYTES ? -1 : value.getLong();
    if (count < 0 || count > size / Long.BYTES - 1) {
      throw new Damage("a list of free pages does not fit its place");
    }
    for (long i = 0; i < count; i++) {
      long page = value.getLong();
      if (page < 2 || page > last || page > Integer.MAX_VALUE || free.get((int) page)) {
        throw new Damage("page " + page + " cannot be free");
      }
      free.set((int) page);
    }
  }

  private void follow(long page) throws Damage {
    if (page != NO_PAGE) {
      claim(page, 1);
      todo.push(page);
    }
  }

  /** Pages belong to one place each and are in the file, after the two heads. */
  private void claim(long first, long count) throws Damage {
    if (first < 2 || count < 1 || first > pages - count || first + count > Integer.MAX_VALUE) {
      throw new Damage("page " + first + " is beyond the file's " + pages + " pages");
    }
    int from = (int) first;
    int to = (int) (first + count);
    int taken = used.nextSetBit(from);
    if (taken >= 0 && taken < to) {
      throw new Damage("page " + taken + " is used twice");
    }
    used.set(from, to);
  }

  private void page(long number, Values values) throws IOException, Damage {
    ByteBuffer page = read(file, number * pageBytes, pageBytes);
    int flags = page.getShort(10);
    int lower = page.getShort(12) & 0xffff;
    int upper = page.getShort(14) & 0xffff;
    boolean branch = (flags & BRANCH) != 0;
    if (page.getLong(0) != number
        || branch == ((flags & LEAF) != 0)
        || lower < PAGE_HEADER
        || lower > upper
        || upper > pageBytes) {
      throw new Damage("page " + number + " is no page of a tree");
    }
    for (int slot = PAGE_HEADER; slot < lower; slot += 2) {
      node(page, number, page.getShort(slot) & 0xffff, branch, values);
    }
  }

  private void node(ByteBuffer page, long number, int at, boolean branch, Values values)
      throws IOException, Damage {
    if (at < PAGE_HEADER || at > pageBytes - NODE_HEADER) {
      throw new Damage("page " + number + " has a node outside of it");
    }
    long size = (page.getShort(at) & 0xffffL) | ((page.getShort(at + 2) & 0xffffL) << 16);
    int flags = page.getShort(at + 4) & 0xffff;
    int data = at + NODE_HEADER + (page.getShort(at + 6) & 0xffff);
    if (branch) {
      if (data > pageBytes) {
        throw new Damage("page " + number + " has a key outside of it");
      }
      follow(size | ((long) flags << 32));
      return;
    }
    boolean big = (flags & BIG_DATA) != 0;
    if (data + (big ? Long.BYTES : size) > pageBytes) {
      throw new Damage("page " + number + " has a value outside of it");
    }
    if ((flags & SUB_DATA) != 0 && size == DB_BYTES) {
      follow(page.getLong(data + DB_ROOT));
    } else {
      ByteBuffer value = big ? overflow(page.getLong(data), size) : page.position(data);
      values.see(value, size);
    }
  }

  /** A value too long for a page has pages of its own. */
  private ByteBuffer overflow(long first, long size) throws IOException, Damage {
    claim(first, 1);
    ByteBuffer header = read(file, first * pageBytes, PAGE_HEADER);
    long count = header.getInt(12) & 0xffffffffL;
    if (header.getLong(0) != first
        || (header.getShort(10) & OVERFLOW) == 0
        || count * pageBytes < PAGE_HEADER + size) {
      throw new Damage("page " + first + " is not the long value it should be");
    }
    if (count > 1) {
      claim(first + 1, count - 1);
    }
    return read(file, first * pageBytes + PAGE_HEADER, (int) size);
  }
}
