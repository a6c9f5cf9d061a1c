package dev.bricolage.remote.sharing;

import dev.bricolage.remote.client.line.RemoteFailure;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What to do when a cache does not answer: say so once, and go on without it. */
final class Trouble {
  private final Consumer<String> warnings;
  private final Set<RemoteFailure.Kind> told = ConcurrentHashMap.newKeySet();

  /** Tells these. */
  Trouble(Consumer<String> warnings) {
    this.warnings = warnings;
  }

  /** What is asked of the cache. */
  interface Asked<T> {
    T answer() throws RemoteFailure, InterruptedException;
  }

  /** The cache's answer, or this one; also when the thread is interrupted, which it then stays. */
  <T> T orElse(T without, Asked<T> asked) {
    try {
      T answer = asked.answer();
      told.remove(RemoteFailure.Kind.UNAVAILABLE); // the next absence is news
      return answer;
    } catch (RemoteFailure failure) {
      if (told.add(failure.kind())) {
        warnings.accept(Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
      }
      return without;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return without;
    }
  }
}
