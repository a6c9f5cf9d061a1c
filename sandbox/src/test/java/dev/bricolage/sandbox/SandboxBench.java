package dev.bricolage.sandbox;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a sandbox costs, end to end from Java: run {@code main} with the module's test class path.
 * Prints minimum, quartile and median of each, in milliseconds.
 */
final class SandboxBench {
  private static final String SOURCE =
      "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n";

  private SandboxBench() {}

  public static void main(String[] args) throws Exception {
    try (World world = new World(User.CALLER)) {
      world.file("h.c", SOURCE);
      for (boolean observe : new boolean[] {false, true}) {
        measure(world, observe, 300, "true");
        measure(world, observe, 40, "gcc", "-c", "h.c", "-o", "h.o");
      }
    }
  }

  private static void measure(World world, boolean observe, int runs, String... argv)
      throws Exception {
    double[] times = new double[runs];
    long notifications = 0;
    for (int i = -20; i < runs; i++) {
      Plan plan = world.plan(argv).observe(observe).build();
      long start = System.nanoTime();
      Ended ended = world.sandbox.run(plan, new Captured()).await();
      if (i >= 0) {
        times[i] = (System.nanoTime() - start) / 1e6;
      }
      notifications = ended.usage().notifications();
    }
    Arrays.sort(times);
    System.out.printf(
        Locale.ROOT,
        "%-5s %-8s min %6.2f  quartile %6.2f  median %6.2f ms, %d notifications%n",
        argv[0],
        observe ? "observed" : "plain",
        times[0],
        times[runs / 4],
        times[runs / 2],
        notifications);
  }
}
