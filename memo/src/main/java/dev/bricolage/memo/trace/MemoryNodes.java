package dev.bricolage.memo.trace;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Nodes in memory: the twin of the store's, and enough for a memo that need not outlast us. */
public final class MemoryNodes implements TraceNodes {
  private final Map<ByteBuffer, byte[]> nodes = new HashMap<>();

  @Override
  public synchronized Optional<byte[]> get(byte[] key) {
    return Optional.ofNullable(nodes.get(ByteBuffer.wrap(key)));
  }

  @Override
  public synchronized void update(Change change) {
    Map<ByteBuffer, Optional<byte[]>> changed = new HashMap<>();
    change.in(new Pending(changed));
    changed.forEach((key, value) ->
        value.ifPresentOrElse(bytes -> nodes.put(key, bytes), () -> nodes.remove(key)));
  }

  /** Changes that appear when the transaction ends. */
  private final class Pending implements Edit {
    private final Map<ByteBuffer, Optional<byte[]>> changed;

    Pending(Map<ByteBuffer, Optional<byte[]>> changed) {
      this.changed = changed;
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
      ByteBuffer wrapped = ByteBuffer.wrap(key);
      return changed.getOrDefault(wrapped, Optional.ofNullable(nodes.get(wrapped)));
    }

    @Override
    public void put(byte[] key, byte[] value) {
      changed.put(ByteBuffer.wrap(key.clone()), Optional.of(value.clone()));
    }

    @Override
    public void remove(byte[] key) {
      changed.put(ByteBuffer.wrap(key.clone()), Optional.empty());
    }
  }
}
