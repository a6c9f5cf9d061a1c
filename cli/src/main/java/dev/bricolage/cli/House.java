package dev.bricolage.cli;

import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.fronts.ninja.NinjaFront;
import dev.bricolage.fronts.run.RunFront;
import dev.bricolage.remote.sharing.Sharing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The fronts over one memory: the store's own, or that with a shared cache behind it.
 *
 * @param warnings what the shared cache is to be told of, to whoever asks next
 */
record House(
    RunFront run,
    NinjaFront ninja,
    LocalExecutor executor,
    Optional<Sharing> sharing,
    Queue<String> warnings) {

  /** Takes the warnings there are. */
  List<String> takeWarnings() {
    List<String> taken = new ArrayList<>();
    for (String next = warnings.poll(); next != null; next = warnings.poll()) {
      taken.add(next);
    }
    return taken;
  }

  /** Lets go of what it holds besides the store. */
  void close() {
    executor.release();
    sharing.ifPresent(Sharing::close);
  }
}
