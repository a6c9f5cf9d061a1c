package dev.bricolage.memo.trace;

import dev.bricolage.action.Digest;
import java.util.List;

/**
 * The sum of the hashes of a set of steps, lane by lane: the same in whatever order they are met,
 * and changed by what is added to the set or taken from it (after Bellare and Micciancio, "A new
 * paradigm for collision-free hashing", 1997). It tells whether a walk holds the very steps that
 * were recorded. It guards against damage, not against somebody who forges traces.
 */
record Sum(long a, long b, long c, long d) {
  static final Sum ZERO = new Sum(0, 0, 0, 0);

  Sum plus(Digest hash) {
    return new Sum(a + hash.a(), b + hash.b(), c + hash.c(), d + hash.d());
  }

  Sum minus(List<Fact> facts) {
    Sum sum = this;
    for (Fact fact : facts) {
      Digest hash = fact.hash();
      sum = new Sum(sum.a - hash.a(), sum.b - hash.b(), sum.c - hash.c(), sum.d - hash.d());
    }
    return sum;
  }

  Sum plus(List<Fact> facts) {
    Sum sum = this;
    for (Fact fact : facts) {
      sum = sum.plus(fact.hash());
    }
    return sum;
  }
}
