package dev.bricolage.store;

import java.util.Locale;
import java.util.Optional;

/** The kinds of rows. */
enum Table {
  /** Nodes of trace trees. */
  NODES(1),
  /** Digests of host files. */
  FILES(2),
  /** What was written into workspaces. */
  PRODUCTS(3),
  /** The history. */
  RUNS(4),
  /** The rest. */
  META(5);

  /** Its number in journals and checksums, which never changes. */
  final byte number;

  Table(int number) {
    this.number = (byte) number;
  }

  /** The table with this number, if this version knows it. */
  static Optional<Table> numbered(byte number) {
    for (Table table : values()) {
      if (table.number == number) {
        return Optional.of(table);
      }
    }
    return Optional.empty();
  }

  /** Its database's name in the LMDB file. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
