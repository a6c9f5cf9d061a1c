package dev.bricolage.memo.engine;

import org.jspecify.annotations.Nullable;

/**
 * Nodes, each once, by identity: found by the hash of their keys, which is at hand. The identity
 * hash code, which the JDK's would ask for, is written into each object when it is first asked for,
 * slowly.
 */
final class NodeSet {
  private @Nullable Node<?>[] slots;
  private int size;

  /** Those among the first {@code count} of these. */
  NodeSet(Node<?>[] nodes, int count) {
    slots = new Node<?>[Math.max(16, Integer.highestOneBit(count) * 4)];
    for (int i = 0; i < count; i++) {
      add(nodes[i]);
    }
  }

  /** False when it is there already. */
  boolean add(Node<?> node) {
    if (size * 2 >= slots.length) {
      grow();
    }
    int mask = slots.length - 1;
    int i = node.hash & mask;
    while (slots[i] != null) {
      if (slots[i] == node) {
        return false;
      }
      i = (i + 1) & mask;
    }
    slots[i] = node;
    size++;
    return true;
  }

  private void grow() {
    @Nullable Node<?>[] before = slots;
    slots = new Node<?>[before.length * 2];
    size = 0;
    for (Node<?> node : before) {
      if (node != null) {
        add(node);
      }
    }
  }
}
