package dev.bricolage.cli.remote;

import dev.bricolage.execute.Executor;
import dev.bricolage.memo.Traces;
import dev.bricolage.remote.client.Remote;
import dev.bricolage.remote.client.Trouble;
import dev.bricolage.remote.sharing.Sharing;
import dev.bricolage.remote.workers.OrHere;
import dev.bricolage.remote.workers.Places;
import dev.bricolage.remote.workers.Racing;
import dev.bricolage.remote.workers.RemoteExecutor;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Lease;
import dev.bricolage.workspace.Download;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** The servers that a house leans on: a cache, and maybe workers. */
public final class Servers implements AutoCloseable {
  private final RemoteWords.Choice choice;
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final Trouble cacheTrouble = new Trouble(warnings::add);
  private final Trouble workersTrouble = new Trouble(warnings::add);
  private final Remote cache;
  private final Sharing sharing;
  private final Optional<Remote> workers;

  /**
   * Gets ready to call them; nothing connects before the first call.
   *
   * @param traces the house's own memory
   * @param blobs and its own store
   * @param leases keeps what waits to be published from being collected
   */
  public Servers(RemoteWords.Choice choice, Traces traces, Blobs blobs, Supplier<Lease> leases)
      throws IOException {
    this.choice = choice;
    this.cache = Remote.open(choice.options(), warnings::add);
    this.sharing =
        new Sharing(
            cache,
            traces,
            blobs,
            choice.upload() ? Optional.of(leases) : Optional.empty(),
            cacheTrouble);
    this.workers =
        choice.workers().isPresent()
            ? Optional.of(workers(choice.workers().get()))
            : Optional.empty();
  }

  /** One line to the server that is both. */
  private Remote workers(RemoteWords.Workers chosen) throws IOException {
    return chosen.options().equals(choice.options())
        ? cache
        : Remote.open(chosen.options(), warnings::add);
  }

  /** The house's memory and store with the cache behind them. */
  public Sharing sharing() {
    return sharing;
  }

  /** Who runs what memory does not answer: the workers, this machine, or both. */
  public Executor executor(Executor here) {
    if (workers.isEmpty()) {
      return here;
    }
    RemoteWords.Workers chosen = choice.workers().orElseThrow();
    Executor there =
        new RemoteExecutor(
            workers.get(),
            cache,
            sharing.blobs(),
            new RemoteExecutor.Wishes(
                chosen.options().target().toString(), chosen.properties(), chosen.priority()));
    Executor places = new Places(here, Runtime.getRuntime().availableProcessors());
    return switch (chosen.strategy()) {
      case LOCAL -> here;
      case REMOTE -> new OrHere(there, places, workersTrouble);
      case RACE -> new Racing(there, places, sharing.blobs(), workersTrouble);
    };
  }

  /** Which outputs come home. */
  public Download download() {
    return choice.download();
  }

  /** Takes the warnings there are; from now on the same trouble is told again. */
  public List<String> takeWarnings() {
    List<String> taken = new ArrayList<>();
    for (String next = warnings.poll(); next != null; next = warnings.poll()) {
      taken.add(next);
    }
    cacheTrouble.anew();
    workersTrouble.anew();
    return taken;
  }

  @Override
  public void close() {
    sharing.close();
    workers.ifPresent(Remote::close);
  }
}
