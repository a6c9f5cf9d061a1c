package dev.bricolage.cli;

import dev.bricolage.cli.serve.Serving;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.NinjaFront;
import dev.bricolage.fronts.ninja.build.Builder;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.sandbox.HelperProgram;
import dev.bricolage.sandbox.Sandbox;
import dev.bricolage.store.Store;
import dev.bricolage.workspace.UnderWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      Path scratch = Files.createDirectories(home.resolve("runs"));
      Machine machine = Machine.ofHost(home);
      Path sockets = Files.createDirectories(home.resolve("sandbox"));
      Sandbox sandbox = Sandbox.start(helper(sockets), sockets);
      LocalExecutor executor =
          new LocalExecutor(sandbox, machine, store.blobs(), inner(store), scratch);
      executor.prepare();
      Runs runs =
          new Runs(
              new TraceMemory(store.traces()),
              store.blobs(),
              executor,
              machine,
              new HostFacts(store.files()));
      RunFront front =
          new RunFront(runs, store.blobs(), store.files(), store.products(), home.toRealPath());
      front.prepare();
      Builder builder =
          new Builder(
              runs,
              store.blobs(),
              store.files(),
              store.products(),
              new UnderWay(home.toRealPath()));
      return new LocalWork(
          store, sandbox, executor, front, new NinjaFront(builder), new Serving(store, runs));
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** The native helper of this installation; where there is none (tests), the jar's own copy. */
  private static Path helper(Path folder) throws IOException {
    Path installed = Path.of(System.getProperty("bric.helper", "no helper"));
    return Files.isExecutable(installed) ? installed : HelperProgram.unpack(folder);
  }

  private static InnerMemory inner(Store store) {
    return new InnerMemory(
        new TraceMemory(store.traces()),
        store.blobs(),
        new HostFacts(store.files()),
        store.files());
  }
}
