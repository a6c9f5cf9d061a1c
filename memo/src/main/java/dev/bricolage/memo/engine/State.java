package dev.bricolage.memo.engine;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.TaskFailed;
import java.util.Optional;

/**
 * Where a node stands. Every change is one {@link Node#become}.
 *
 * <pre>
 *   Unknown ──claim──▶ Running ──end──▶ Done ──an input below changed──▶ Stale
 *      ▲                 │ ▲  ▲          │ asked while it is dropped,     │
 *      └──forgotten──────┘ │  └──────────┘ or a durable input changed     │
 *                          └──────────────────claim─────────────────────┘
 * </pre>
 *
 * A Running node whose strand is cancelled goes back to where it was, or is claimed by who comes
 * next.
 */
sealed interface State {
  /** The value it has or had, as far as it is known. */
  default Optional<Done> known() {
    return switch (this) {
      case Done done -> Optional.of(done);
      case Stale(Done last) -> Optional.of(last);
      case Running(Flight flight, State before) -> before.known();
      case Unknown unknown -> Optional.empty();
    };
  }

  /** Nothing is known: never asked, or not to be remembered. */
  record Unknown() implements State {
    static final Unknown STATE = new Unknown();
  }

  /**
   * A strand computes it.
   *
   * @param before where it stood, never Running
   */
  record Running(Flight flight, State before) implements State {}

  /**
   * It has a value, or failed.
   *
   * @param value the value, a {@link Failure}, or {@link Dropped}
   * @param asked the nodes its task asked, in order, each once
   * @param groups where groups of more than one end in {@code asked}: pairs of start and end
   * @param changedAt the revision in which the value became what it is
   * @param verifiedAt the revision in which it was last known to be right
   * @param rests whether it rests on inputs of high durability, which tell nobody of their changes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; lists would cost 24 bytes a node each
  record Done(
      Object value, Node<?>[] asked, int[] groups, long changedAt, long verifiedAt, boolean rests)
      implements State {
    static final Node<?>[] NOTHING = {};
    static final int[] NO_GROUPS = {};

    boolean isDropped() {
      return value instanceof Dropped;
    }

    Done dropped(Optional<Digest> digest) {
      return new Done(new Dropped(digest), asked, groups, changedAt, verifiedAt, rests);
    }
  }

  /** It had a value, and something below it changed: perhaps it still stands. */
  record Stale(Done last) implements State {}

  /** A task's failure in the place of its value. */
  record Failure(Throwable cause) {
    /**
     * Failures are told apart by what they say. What one key says of another's failure is told
     * apart by whose that is and what it rests on, so that nobody reads the text of a long chain.
     */
    @SuppressWarnings("ReferenceEquality") // what is the very same need not be read
    boolean same(Failure other) {
      Throwable one = cause;
      Throwable two = other.cause;
      while (one != two && one instanceof TaskFailed a && two instanceof TaskFailed b) {
        if (!a.key().equals(b.key())) {
          return false;
        }
        one = a.failure();
        two = b.failure();
      }
      return one == two || one.toString().equals(two.toString());
    }
  }

  /**
   * The value was dropped to make room.
   *
   * @param digest of its encoding, if it has one, so that it can be known again
   */
  record Dropped(Optional<Digest> digest) {}
}
