package dev.bricolage.store;

import java.util.List;

/**
 * How much a store holds.
 *
 * @param kinds blobs, executable copies, and each table
 */
public record StoreSize(List<Kind> kinds) {
  /**
   * One kind of things.
   *
   * @param name for people
   * @param count how many there are
   * @param bytes on the disk, of blobs without their file system's rounding
   */
  public record Kind(String name, long count, long bytes) {}

  /** Bytes of all kinds. */
  public long bytes() {
    return kinds.stream().mapToLong(Kind::bytes).sum();
  }
}
