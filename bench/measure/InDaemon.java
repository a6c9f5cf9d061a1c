import dev.bricolage.execute.Control;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.fronts.run.RunReport;
import dev.bricolage.fronts.run.RunRequest;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.sandbox.Console;
import dev.bricolage.sandbox.Sandbox;
import dev.bricolage.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What an answer from memory costs inside the daemon, without client, socket, command line and
 * history: the same parts wired as the daemon wires them, asked from one thread.
 *
 * <p>Arguments: HELPER HOME FOLDER ROUNDS TRACES; FOLDER is a workspace with hello.c. Prints one
 * line a measurement, NAME MEDIAN-NANOSECONDS; exits with 1 when an answer was not remembered.
 */
final class InDaemon {
  private static final Console SILENT =
      new Console() {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {}

        @Override
        public void stderr(byte[] bytes, int offset, int length) {}
      };

  private final RunFront front;
  private final Path folder;
  private final int rounds;

  private InDaemon(RunFront front, Path folder, int rounds) {
    this.front = front;
    this.folder = folder;
    this.rounds = rounds;
  }

  public static void main(String[] words) throws Exception {
    Path home = Path.of(words[1]);
    Path sockets = Files.createDirectories(home.resolve("sandbox"));
    Path scratch = Files.createDirectories(home.resolve("runs"));
    try (Store store = Store.open(home, System.err::println);
        Sandbox sandbox = Sandbox.start(Path.of(words[0]), sockets)) {
      Machine machine = Machine.ofHost(home);
      LocalExecutor executor = new LocalExecutor(sandbox, machine, store.blobs(), inner(store), scratch);
      HostFacts host = new HostFacts(store.files());
      Runs runs = new Runs(new TraceMemory(store.traces()), store.blobs(), executor, machine, host);
      RunFront front =
          new RunFront(runs, store.blobs(), store.files(), store.products(), home.toRealPath());
      InDaemon bench = new InDaemon(front, Path.of(words[2]), Integer.parseInt(words[3]));
      bench.answers();
      bench.flatness(Integer.parseInt(words[4]));
    }
  }

  private void answers() throws Exception {
    List<String> trivial = List.of("/bin/true");
    List<String> compile = List.of("gcc", "-c", "hello.c");
    run(trivial);
    run(compile);
    tell("true", medians(List.of(() -> remembered(trivial))).getFirst());
    tell("gcc", medians(List.of(() -> remembered(compile))).getFirst());
  }

  /** One key with one trace and one with many, in turns; the many are asked oldest to newest. */
  private void flatness(int traces) throws Exception {
    Path edited = folder.resolve("edited.c");
    List<String> few = List.of("cat", "-u", "hello.c", "edited.c");
    List<String> many = List.of("cat", "hello.c", "edited.c");
    Files.writeString(edited, "version 0\n");
    run(few);
    for (int i = 0; i < traces; i++) {
      Files.writeString(edited, "version " + i + "\n");
      run(many);
    }
    int[] turn = new int[1];
    List<Long> medians =
        medians(
            List.of(
                () -> {
                  Files.writeString(edited, "version 0\n");
                  remembered(few); // pays for hashing the edited file
                  return remembered(few);
                },
                () -> {
                  Files.writeString(edited, "version " + turn[0]++ * 389 % traces + "\n");
                  remembered(many);
                  return remembered(many);
                }));
    tell("flat-1", medians.get(0));
    tell("flat-" + traces, medians.get(1));
  }

  private interface Measured {
    long nanos() throws Exception;
  }

  private List<Long> medians(List<Measured> sides) throws Exception {
    List<long[]> samples = new ArrayList<>();
    sides.forEach(side -> samples.add(new long[rounds]));
    for (int warm = 0; warm < rounds; warm++) {
      for (Measured side : sides) {
        side.nanos();
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (int side = 0; side < sides.size(); side++) {
        samples.get(side)[round] = sides.get(side).nanos();
      }
    }
    return IntStream.range(0, sides.size()).mapToObj(i -> median(samples.get(i))).toList();
  }

  private static long median(long[] samples) {
    Arrays.sort(samples);
    return samples[samples.length / 2];
  }

  private long remembered(List<String> command) throws Exception {
    long began = System.nanoTime();
    RunReport report = run(command);
    long took = System.nanoTime() - began;
    if (!(report.answered() instanceof Runs.Answered.Remembered)) {
      System.err.println("not remembered: " + command);
      System.exit(1);
    }
    return took;
  }

  private RunReport run(List<String> command) throws Exception {
    RunRequest request =
        new RunRequest(
            folder,
            command,
            Map.of(),
            Map.of("PATH", "/usr/bin:/bin"),
            List.of(),
            List.of(),
            List.of(),
            true,
            false,
            false,
            Optional.empty());
    return front.run(request, SILENT, new Control(() -> {}));
  }

  private static void tell(String name, long nanos) {
    System.out.println(name + " " + nanos);
  }

  private static InnerMemory inner(Store store) {
    return new InnerMemory(
        new TraceMemory(store.traces()),
        store.blobs(),
        new HostFacts(store.files()),
        store.files());
  }
}
