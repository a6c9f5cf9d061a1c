package dev.bricolage.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What an inner run costs over the tool's own start, seen from the process that starts it: run
 * {@code main} with the module's test class path. Prints minimum, quartile and median of each, in
 * microseconds, of a C program that does posix_spawn and waitpid many times.
 */
final class InnerBench {
  private static final String SPAWN =
      """
      int n = atoi(argv[1]);
      double *t = malloc(n * sizeof *t);
      for (int i = 0; i < n; i++) {
        struct timespec a, b; clock_gettime(CLOCK_MONOTONIC, &a);
        pid_t p; int s;
        MUST(-posix_spawn(&p, argv[2], 0, 0, argv + 2, environ));
        waitpid(p, &s, 0);
        clock_gettime(CLOCK_MONOTONIC, &b);
        t[i] = (b.tv_sec - a.tv_sec) * 1e6 + (b.tv_nsec - a.tv_nsec) / 1e3;
      }
      for (int i = 1; i < n; i++)
        for (int j = i; j && t[j] < t[j - 1]; j--) { double x = t[j]; t[j] = t[j - 1]; t[j - 1] = x; }
      printf("min %.0f  quartile %.0f  median %.0f us", t[0], t[n / 4], t[n / 2]);
      return 0;
      """;

  private InnerBench() {}

  public static void main(String[] args) throws Exception {
    try (World world = new World(User.CALLER)) {
      world.program("spawn", SPAWN);
      world.program("true", "return 0;");
      world.file("h.c", "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n");
      Path gcc = Path.of("/usr/bin/gcc").toRealPath();
      for (String tool : List.of("/build/true", gcc + " -c h.c -o h.o")) {
        int runs = tool.startsWith("/usr") ? 40 : 1000;
        List<String> shims = List.of(tool.split(" ", 2)[0]);
        String script = "./spawn " + runs + " " + tool;
        for (int round = 0; round < 2; round++) { // the first warms up
          say("plain", world.tools(InnerRuns.NONE, List.of(), script), tool, round);
          say("RUN", world.tools(InnerRuns.NONE, shims, script), tool, round);
          Decider hits = new Decider(request -> new InnerRuns.Hit(0, List.of()));
          say("HIT", world.tools(hits, shims, script), tool, round);
        }
      }
    }
  }

  private static void say(String what, Result result, String tool, int round) {
    if (round > 0) {
      System.out.printf(Locale.ROOT, "%-6s %-40s %s%n", what, tool, result.good().out());
    }
  }
}
