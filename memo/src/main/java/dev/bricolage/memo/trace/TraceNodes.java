package dev.bricolage.memo.trace;

import java.util.Optional;

/**
 * Where a {@link TraceTree} keeps its nodes: bytes by bytes, changed in transactions. Keys have at
 * most 511 bytes (LMDB's limit).
 */
public interface TraceNodes {
  /** The bytes under this key in the latest committed state. */
  Optional<byte[]> get(byte[] key);

  /**
   * Runs {@code change} alone among writers; all of its puts appear at once, durably and after
   * every blob that was put before this call, or, when it throws, none does.
   */
  void update(Change change);

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Change {
    /** Reads and writes through {@code edit}, which is good until this returns. */
    void in(Edit edit);
  }

  /** The transaction's own view: it sees its own puts. */
  interface Edit {
    /** The bytes under this key, with this transaction's own changes. */
    Optional<byte[]> get(byte[] key);

    /** Sets the bytes under this key. */
    void put(byte[] key, byte[] value);

    /** Removes this key if it is there. */
    void remove(byte[] key);
  }
}
