package dev.bricolage.memo.engine;

import dev.bricolage.memo.Key;
import dev.bricolage.memo.Tasks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes by their keys: open addressing in segments, read without locks. A map of the JDK would
 * need an entry for each node. Hash codes are mixed, because those of records are weak, and kept in
 * the node, so that growing calls no one's {@code hashCode}.
 */
final class NodeTable {
  private static final int SEGMENTS = 64;
  private static final int FIRST_SLOTS = 16;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Node[].class);

  private final Segment[] segments = new Segment[SEGMENTS];

  private final Tasks tasks;

  /** A table of nodes whose keys these tasks compute. */
  NodeTable(Tasks tasks) {
    this.tasks = tasks;
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment();
    }
  }

  /** The node of this key, made now if there is none. */
  <V> Node<V> at(Key<V> key) {
    int hash = mix(key.hashCode());
    Segment segment = segments[hash >>> 26];
    Node<?> found = segment.find(key, hash);
    return typed(found != null ? found : segment.add(key, hash, tasks));
  }

  /** Shows every node; those that come meanwhile may be missed. */
  void forEach(Consumer<Node<?>> action) {
    for (Segment segment : segments) {
      for (Node<?> node : segment.slots) {
        if (node != null) {
          action.accept(node);
        }
      }
    }
  }

  long size() {
    long size = 0;
    for (Segment segment : segments) {
      size += segment.size();
    }
    return size;
  }

  /** A key's node is made for this very key, so it has its type. */
  @SuppressWarnings("unchecked")
  private static <V> Node<V> typed(Node<?> node) {
    return (Node<V>) node;
  }

  /** Murmur3's finalizer (Appleby). */
  private static int mix(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }

  private static final class Segment {
    private volatile @Nullable Node<?>[] slots = new Node<?>[FIRST_SLOTS];
    private int count;

    @Nullable Node<?> find(Key<?> key, int hash) {
      @Nullable Node<?>[] now = slots;
      int mask = now.length - 1;
      for (int i = hash & mask; ; i = (i + 1) & mask) {
        Node<?> node = (Node<?>) SLOT.getAcquire(now, i);
        if (node == null || (node.hash == hash && node.key.equals(key))) {
          return node;
        }
      }
    }

    synchronized Node<?> add(Key<?> key, int hash, Tasks tasks) {
      Node<?> found = find(key, hash);
      if (found != null) {
        return found;
      }
      if (count * 3 >= slots.length * 2) {
        grow();
      }
      Node<?> node = new Node<>(key, hash, tasks.of(key).isPresent());
      place(slots, node);
      count++;
      return node;
    }

    private void grow() {
      @Nullable Node<?>[] before = slots;
      @Nullable Node<?>[] wider = new Node<?>[before.length * 2];
      for (Node<?> node : before) {
        if (node != null) {
          place(wider, node);
        }
      }
      slots = wider;
    }

    private static void place(@Nullable Node<?>[] slots, Node<?> node) {
      int mask = slots.length - 1;
      int i = node.hash & mask;
      while (slots[i] != null) {
        i = (i + 1) & mask;
      }
      SLOT.setRelease(slots, i, node);
    }

    synchronized int size() {
      return count;
    }
  }
}
