package dev.bricolage.fuzz;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.sandbox.Sandbox;
import dev.bricolage.store.Store;
import dev.bricolage.store.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The oracle: runs that remember nothing. Each gets a store of its own in memory, so there are no
 * traces, no digests of files and no parsed ignore rules from before. What earlier runs wrote back
 * is no memory but part of the question (products are no sources), so that alone is handed on.
 */
final class CleanRuns {
  private final Sandbox sandbox;
  private final Machine machine;
  private final Path home;
  private final Map<String, Map<TreePath, Entry>> products = new TreeMap<>();

  CleanRuns(Sandbox sandbox, Machine machine, Path home) {
    this.sandbox = sandbox;
    this.machine = machine;
    this.home = home;
  }

  /** One run's parts. */
  final class Once implements AutoCloseable {
    private final String workspace;
    private final Store store = Store.memory();
    private final Watched executor;

    Once(Path workspace) throws IOException {
      this.workspace = HostFiles.identity(workspace.toRealPath());
      Executor local =
          new LocalExecutor(sandbox, machine, store.blobs(), inner(store), home.resolve("runs"));
      this.executor =
          new Watched(
              (action, tools, console, control) ->
                  Mutant.unrecorded(local.execute(action, tools, console, control)),
              Mutant.NONE);
      Map<TreePath, Optional<Entry>> known = new TreeMap<>();
      products
          .getOrDefault(this.workspace, Map.of())
          .forEach((path, entry) -> known.put(path, Optional.of(entry)));
      store.products().record(this.workspace, known);
    }

    RunFront front() {
      Runs runs =
          new Runs(
              new TraceMemory(store.traces()),
              store.blobs(),
              executor,
              machine,
              new HostFacts(store.files()));
      return new RunFront(runs, store.blobs(), store.files(), store.products(), home);
    }

    /** What ran, if anything did. */
    Optional<Watched.Seen> seen() {
      return executor.take();
    }

    Store store() {
      return store;
    }

    @Override
    public void close() {
      products.put(workspace, store.products().of(workspace));
      store.close();
    }
  }

  private static InnerMemory inner(Store store) {
    return new InnerMemory(
        new TraceMemory(store.traces()),
        store.blobs(),
        new HostFacts(store.files()),
        store.files());
  }
}
