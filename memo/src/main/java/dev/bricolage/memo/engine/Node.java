package dev.bricolage.memo.engine;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A key's place in the graph: its state, and who asked it.
 *
 * <p>Who asked is kept in an array that only grows, until a change passes through this node and
 * takes it ({@link #takeAskers}); an asker comes back when it is brought up to date. So an asker
 * that no longer asks may be in it, which costs a look and nothing else, and nobody is ever
 * searched in it.
 */
final class Node<V> {
  private static final VarHandle STATE;
  private static final Node<?>[] NOBODY = {};

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Node.class, "state", State.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Key<V> key;
  final int hash;

  /** Whether there is a task for it; if not, it is an input. */
  final boolean computed;

  /** How often it changes by itself; what is computed does not. */
  final Durability durability;

  private volatile State state = State.Unknown.STATE;
  private Node<?>[] askers = NOBODY;
  private int askerCount;
  private long takenAt;

  /** Whether it was asked since the last time somebody looked for what to drop. Racy on purpose. */
  boolean used;

  Node(Key<V> key, int hash, boolean computed) {
    this.key = key;
    this.hash = hash;
    this.computed = computed;
    this.durability = computed ? Durability.LOW : key.durability();
  }

  State state() {
    return state;
  }

  boolean hasValue() {
    return switch (state) {
      case State.Done done -> !done.isDropped();
      case State.Stale(State.Done last) -> !last.isDropped();
      case State.Running running -> false;
      case State.Unknown unknown -> false;
    };
  }

  /** The only way a state changes; false when it is no longer {@code from}. */
  boolean become(State from, State to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** {@code asker} asks this node and is to hear of its changes. */
  synchronized void addAsker(Node<?> asker) {
    if (askerCount == askers.length) {
      makeRoom();
    }
    askers[askerCount++] = asker;
  }

  /**
   * As {@link #addAsker}, unless nothing has passed through since this revision: then the asker is
   * still there.
   */
  synchronized void addAskerAgain(Node<?> asker, long since) {
    if (takenAt > since) {
      addAsker(asker);
    }
  }

  /** Gives everybody who asked, and forgets them. */
  synchronized Node<?>[] takeAskers(long revision) {
    Node<?>[] taken = askerCount == askers.length ? askers : Arrays.copyOf(askers, askerCount);
    askers = NOBODY;
    askerCount = 0;
    takenAt = revision;
    return taken;
  }

  synchronized int askerCount() {
    return askerCount;
  }

  /** Askers that come and go may be there twice: only when they are not does the array grow. */
  private void makeRoom() {
    if (askerCount >= 64) {
      NodeSet once = new NodeSet(askers, 0);
      int kept = 0;
      for (int i = 0; i < askerCount; i++) {
        if (once.add(askers[i])) {
          askers[kept++] = askers[i];
        }
      }
      Arrays.fill(askers, kept, askerCount, null);
      askerCount = kept;
    }
    if (askerCount * 2 > askers.length || askers.length == 0) {
      askers = Arrays.copyOf(askers, Math.max(2, askers.length * 2));
    }
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
