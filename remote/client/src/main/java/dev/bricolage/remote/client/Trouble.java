package dev.bricolage.remote.client;

import dev.bricolage.remote.client.line.RemoteFailure;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What to do when a server does not answer: say so once, and go on without it. */
public final class Trouble {
  private final Consumer<String> warnings;
  private final Set<RemoteFailure.Kind> told = ConcurrentHashMap.newKeySet();

  /** Tells these. */
  public Trouble(Consumer<String> warnings) {
    this.warnings = warnings;
  }

  /** What is asked of the server. */
  public interface Asked<T> {
    T answer() throws RemoteFailure, InterruptedException;
  }

  /** The server's answer, or this one; also when the thread is interrupted, which it then stays. */
  public <T> T orElse(T without, Asked<T> asked) {
    try {
      T answer = asked.answer();
      over();
      return answer;
    } catch (RemoteFailure failure) {
      tell(failure, "");
      return without;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return without;
    }
  }

  /** It has answered: its next absence is news. */
  public void over() {
    told.remove(RemoteFailure.Kind.UNAVAILABLE);
  }

  /** Whoever listens now has heard nothing yet. */
  public void anew() {
    told.clear();
  }

  /** It has failed so; {@code then} is what is done instead. */
  public void tell(RemoteFailure failure, String then) {
    if (told.add(failure.kind())) {
      warnings.accept(Objects.requireNonNullElse(failure.getMessage(), failure.toString()) + then);
    }
  }
}
