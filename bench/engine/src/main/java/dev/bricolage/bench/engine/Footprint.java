package dev.bricolage.bench.engine;

/**
 * What a node weighs: the live heap with the layered graph computed, less what was there before,
 * keys and values and all. Argument: a {@link Side}. Prints {@code BYTES NODES}.
 */
public final class Footprint {
  private Footprint() {}

  /** Weighs. */
  public static void main(String[] words) throws InterruptedException {
    Side side = Side.valueOf(words[0]);
    try (Engine unused = side.open()) {
      var _ = unused.get(new Layered.Nothing());
    }
    long before = live();
    try (Engine engine = side.openWithLeaves()) {
      long value = engine.get(new Layered.Root());
      long bytes = live() - before;
      System.out.println(bytes + " " + (Layered.nodes() + Layered.WIDTH + 1));
      if (engine.get(new Layered.Root()) != value) { // holds on to it, too
        throw new IllegalStateException(side + " gives two answers");
      }
    }
  }

  /** Several collections, so that what waits for a reference queue is gone as well. */
  private static long live() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(20);
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
