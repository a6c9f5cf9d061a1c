package dev.bricolage.store;

import java.util.List;
import java.util.Optional;

/** A transaction's own changes above the tables it is made in. */
final class Edits implements Tables.Edit {
  /** LMDB's limit. */
  private static final int MAX_KEY_BYTES = 511;

  private final Tables below;
  private final Rows own = new Rows();

  Edits(Tables below) {
    this.below = below;
  }

  @Override
  public Optional<byte[]> get(Table table, byte[] key) {
    return own.get(table, key).orElseGet(() -> below.get(table, key));
  }

  @Override
  public void put(Table table, byte[] key, byte[] value) {
    checkKey(key);
    own.set(table, key.clone(), Optional.of(value.clone()));
  }

  @Override
  public void remove(Table table, byte[] key) {
    checkKey(key);
    own.set(table, key.clone(), Optional.empty());
  }

  static void checkKey(byte[] key) {
    if (key.length == 0 || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + MAX_KEY_BYTES + " bytes, not " + key.length);
    }
  }

  List<Rows.Change> changes() {
    return own.changes();
  }
}
