package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Small values of many owners, each under a digest: what a server keeps for its tenants. May forget
 * what was put in the last seconds before the machine crashed.
 */
public final class Shelf {
  /** Enough of a SHA-256 to tell owners apart. */
  private static final int OWNER_BYTES = 16;

  /** How many changes one transaction makes: others write between two. */
  private static final int AT_ONCE = 1_000;

  private final Tables tables;
  private final byte[] name;

  Shelf(Tables tables, String name) {
    this.tables = tables;
    this.name = ("shelf " + name + " ").getBytes(StandardCharsets.UTF_8);
  }

  /** What the owner has under this digest. */
  public Optional<byte[]> get(String owner, Digest key) {
    return tables.get(Table.META, key(owner, key));
  }

  /** Puts it there, in the place of what was. */
  public void put(String owner, Digest key, byte[] value) {
    tables.note(Table.META, key(owner, key), value);
  }

  /** Takes away what the owner has under these. */
  public void remove(String owner, Collection<Digest> keys) {
    tables.update(edit -> keys.forEach(key -> edit.remove(Table.META, key(owner, key))));
  }

  /** What the owner has something under. */
  public List<Digest> keys(String owner) {
    List<Digest> keys = new ArrayList<>();
    for (Tables.Row row : rows(owner)) {
      keys.add(digest(row.key()));
    }
    return keys;
  }

  /** The sum of the sizes of all blobs whose digests the owner has something under. */
  public long bytes(String owner) {
    long sum = 0;
    for (Tables.Row row : rows(owner)) {
      sum += size(row.key());
    }
    return sum;
  }

  /**
   * Something that lies here; of whose it is only a hash is kept.
   *
   * @param key what it lies under
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Item(Digest key, byte[] value) {}

  /**
   * Takes away, of every owner, what is not worth keeping; what is put meanwhile stays.
   *
   * @return how many items were taken away
   */
  public long keep(Predicate<Item> worth) {
    List<Tables.Row> rows = tables.rows(Table.META, name, Tables.Order.UP, Integer.MAX_VALUE);
    List<Tables.Row> waste = new ArrayList<>();
    for (Tables.Row row : rows) {
      if (!worth.test(new Item(digest(row.key()), row.value()))) {
        waste.add(row);
      }
    }
    long gone = 0;
    for (int from = 0; from < waste.size(); from += AT_ONCE) {
      gone += remove(waste.subList(from, Math.min(waste.size(), from + AT_ONCE)));
    }
    return gone;
  }

  private long remove(List<Tables.Row> rows) {
    AtomicLong gone = new AtomicLong();
    tables.update(edit -> {
      for (Tables.Row row : rows) {
        if (edit.get(Table.META, row.key())
            .filter(v -> Arrays.equals(v, row.value()))
            .isPresent()) {
          edit.remove(Table.META, row.key());
          gone.incrementAndGet();
        }
      }
    });
    return gone.get();
  }

  private List<Tables.Row> rows(String owner) {
    return tables.rows(Table.META, prefix(owner), Tables.Order.UP, Integer.MAX_VALUE);
  }

  private static Digest digest(byte[] key) {
    int hash = key.length - Digest.HASH_BYTES - Long.BYTES;
    return Digest.of(Arrays.copyOfRange(key, hash, hash + Digest.HASH_BYTES), size(key));
  }

  private static long size(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  private byte[] prefix(String owner) {
    byte[] hash = Arrays.copyOf(Digest.of(owner).hash(), OWNER_BYTES);
    return ByteBuffer.allocate(name.length + OWNER_BYTES).put(name).put(hash).array();
  }

  private byte[] key(String owner, Digest key) {
    byte[] prefix = prefix(owner);
    return ByteBuffer.allocate(prefix.length + Digest.HASH_BYTES + Long.BYTES)
        .put(prefix)
        .put(key.hash())
        .putLong(key.size())
        .array();
  }
}
