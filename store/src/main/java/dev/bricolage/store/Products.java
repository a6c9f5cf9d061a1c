package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was written back into each workspace: at which path, and what. A file there that is still
 * what was written is a product, and no source, of the next run.
 */
public final class Products {
  /** Enough of a SHA-256 to tell workspaces apart. */
  private static final int WORKSPACE_BYTES = 16;

  private final Tables tables;
  private final AtomicLong changes = new AtomicLong();

  Products(Tables tables) {
    this.tables = tables;
  }

  /** All products of a workspace, by path. */
  public Map<TreePath, Entry> of(String workspace) {
    Map<TreePath, Entry> products = new TreeMap<>();
    for (Tables.Row row :
        tables.rows(Table.PRODUCTS, prefix(workspace), Tables.Order.UP, Integer.MAX_VALUE)) {
      decode(row.value()).ifPresent(p -> products.put(p.path, p.entry));
    }
    return products;
  }

  /** What was written back at this path of a workspace, if anything was. */
  public Optional<Entry> get(String workspace, TreePath path) {
    return tables
        .get(Table.PRODUCTS, key(prefix(workspace), path))
        .flatMap(Products::decode)
        .map(Product::entry);
  }

  /** Changes the products of a workspace at these paths; nothing means no longer one. */
  public void record(String workspace, Map<TreePath, Optional<Entry>> changes) {
    if (changes.isEmpty()) {
      return;
    }
    byte[] prefix = prefix(workspace);
    this.changes.incrementAndGet();
    tables.update(edit ->
        changes.forEach((path, entry) ->
            entry.ifPresentOrElse(
                e -> edit.put(Table.PRODUCTS, key(prefix, path), encode(path, e)),
                () -> edit.remove(Table.PRODUCTS, key(prefix, path)))));
  }

  /**
   * How often products were changed in this process, which is the only one that does: while it is
   * the same, so are they.
   */
  public long changes() {
    return changes.get();
  }

  private static byte[] prefix(String workspace) {
    return Arrays.copyOf(Digest.of(workspace).hash(), WORKSPACE_BYTES);
  }

  /** Paths may be longer than a key, so their hash stands for them. */
  private static byte[] key(byte[] prefix, TreePath path) {
    byte[] hash = Digest.of(path.value()).hash();
    return ByteBuffer.allocate(prefix.length + hash.length).put(prefix).put(hash).array();
  }

  private record Product(TreePath path, Entry entry) {}

  private static byte[] encode(TreePath path, Entry entry) {
    byte[] name = path.value().getBytes(StandardCharsets.UTF_8);
    byte[] detail = detail(entry);
    return ByteBuffer.allocate(1 + Short.BYTES + name.length + detail.length)
        .put(kind(entry))
        .putShort((short) name.length)
        .put(name)
        .put(detail)
        .array();
  }

  private static byte kind(Entry entry) {
    return (byte)
        switch (entry) {
          case Entry.File file -> file.executable() ? 'X' : 'F';
          case Entry.Link link -> 'L';
          case Entry.Folder folder -> 'D';
        };
  }

  private static byte[] detail(Entry entry) {
    return switch (entry) {
      case Entry.File file ->
          ByteBuffer.allocate(Digest.HASH_BYTES + Long.BYTES)
              .put(file.digest().hash())
              .putLong(file.digest().size())
              .array();
      case Entry.Link link -> link.target().getBytes(StandardCharsets.UTF_8);
      case Entry.Folder folder -> new byte[0];
    };
  }

  /** Nothing when the bytes are no product. */
  private static Optional<Product> decode(byte[] value) {
    try {
      ByteBuffer in = ByteBuffer.wrap(value);
      int kind = in.get();
      byte[] name = new byte[in.getShort() & 0xffff];
      in.get(name);
      TreePath path = new TreePath(new String(name, StandardCharsets.UTF_8));
      return entry(kind, in).map(entry -> new Product(path, entry));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Entry> entry(int kind, ByteBuffer in) {
    return switch (kind) {
      case 'F' -> Optional.of(new Entry.File(digest(in), false));
      case 'X' -> Optional.of(new Entry.File(digest(in), true));
      case 'L' -> Optional.of(new Entry.Link(rest(in)));
      case 'D' -> Optional.of(new Entry.Folder());
      default -> Optional.empty();
    };
  }

  private static Digest digest(ByteBuffer in) {
    byte[] hash = new byte[Digest.HASH_BYTES];
    in.get(hash);
    return Digest.of(hash, in.getLong());
  }

  private static String rest(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
