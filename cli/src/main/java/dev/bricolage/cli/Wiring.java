package dev.bricolage.cli;

import dev.bricolage.cli.remote.RemoteWords;
import dev.bricolage.cli.remote.Servers;
import dev.bricolage.cli.serve.Serving;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.NinjaFront;
import dev.bricolage.fronts.ninja.build.Builder;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.sandbox.HelperProgram;
import dev.bricolage.sandbox.Sandbox;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Store;
import dev.bricolage.workspace.UnderWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Chooses the implementations. Nothing else in the code names two of them together. */
final class Wiring {
  private Wiring() {}

  /**
   * Opens the work on the store in BRIC_HOME.
   *
   * @param home BRIC_HOME, there and ours
   * @param warnings lines for the daemon's log
   */
  static Work open(Path home, Consumer<String> warnings) throws IOException {
    Store store = Store.open(home, warnings);
    try {
      Path sockets = Files.createDirectories(home.resolve("sandbox"));
      Parts parts =
          new Parts(
              store,
              Sandbox.start(helper(sockets), sockets),
              Machine.ofHost(home),
              home.toRealPath());
      Memory own = new Memory(new TraceMemory(store.traces()), store.blobs());
      LocalExecutor executor = executor(parts, own);
      executor.prepare();
      Runs runs = runs(parts, own, executor);
      House alone = house(parts, own, executor, runs, Optional.empty());
      alone.run().prepare();
      return new LocalWork(
          store,
          parts.sandbox(),
          new Houses(alone, choice -> shared(parts, choice)),
          new Serving(store, runs));
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** What all houses stand on. */
  private record Parts(Store store, Sandbox sandbox, Machine machine, Path home) {}

  /** What a house remembers by. */
  private record Memory(Traces traces, Blobs blobs) {}

  private static House shared(Parts parts, RemoteWords.Choice choice) throws IOException {
    Store store = parts.store();
    Servers servers =
        new Servers(choice, new TraceMemory(store.traces()), store.blobs(), store::lease);
    Memory memory = new Memory(servers.sharing().traces(), servers.sharing().blobs());
    LocalExecutor here = executor(parts, memory);
    Runs runs = runs(parts, memory, servers.executor(here));
    return house(parts, memory, here, runs, Optional.of(servers));
  }

  private static LocalExecutor executor(Parts parts, Memory memory) throws IOException {
    Store store = parts.store();
    return new LocalExecutor(
        parts.sandbox(),
        parts.machine(),
        memory.blobs(),
        new InnerMemory(
            memory.traces(), memory.blobs(), new HostFacts(store.files()), store.files()),
        Files.createDirectories(parts.home().resolve("runs")));
  }

  private static Runs runs(Parts parts, Memory memory, Executor executor) {
    return new Runs(
        memory.traces(),
        memory.blobs(),
        executor,
        parts.machine(),
        new HostFacts(parts.store().files()));
  }

  private static House house(
      Parts parts, Memory memory, LocalExecutor executor, Runs runs, Optional<Servers> servers) {
    Store store = parts.store();
    return new House(
        new RunFront(runs, memory.blobs(), store.files(), store.products(), parts.home()),
        new NinjaFront(
            new Builder(
                runs, memory.blobs(), store.files(), store.products(), new UnderWay(parts.home()))),
        executor,
        servers);
  }

  /** The native helper of this installation; where there is none (tests), the jar's own copy. */
  private static Path helper(Path folder) throws IOException {
    Path installed = Path.of(System.getProperty("bric.helper", "no helper"));
    return Files.isExecutable(installed) ? installed : HelperProgram.unpack(folder);
  }
}
