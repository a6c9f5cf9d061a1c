package dev.bricolage.store;

import dev.bricolage.memo.trace.TraceNodes;
import java.util.Optional;

/** Nodes of trace trees as rows. */
final class StoredNodes implements TraceNodes {
  private final Tables tables;

  StoredNodes(Tables tables) {
    this.tables = tables;
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return tables.get(Table.NODES, key);
  }

  @Override
  public void update(Change change) {
    tables.update(edit -> change.in(new NodeEdit(edit)));
  }

  private record NodeEdit(Tables.Edit edit) implements Edit {
    @Override
    public Optional<byte[]> get(byte[] key) {
      return edit.get(Table.NODES, key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      edit.put(Table.NODES, key, value);
    }

    @Override
    public void remove(byte[] key) {
      edit.remove(Table.NODES, key);
    }
  }
}
