package dev.bricolage.remote.client.blob.send;

import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteFailure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Blobs that are on their way: who wants one that another thread already sends waits for that
 * thread. When it fails or gives up, whoever waited tries for itself, having other bytes at hand
 * perhaps; only a server that cannot be reached is the same for all.
 */
final class Flights {
  private final Map<Digest, CompletableFuture<Landing>> underWay = new ConcurrentHashMap<>();

  /** What came of one. */
  private sealed interface Landing {
    record There() implements Landing {}

    record GivenUp() implements Landing {}

    record Failed(RemoteFailure why) implements Landing {}
  }

  /** Sends blobs. */
  @FunctionalInterface
  interface Work {
    /** Sends these, which nobody else does. */
    void send(Set<Digest> mine) throws RemoteFailure, InterruptedException;
  }

  /** Has all of these sent, by the caller or others. */
  void run(Set<Digest> wanted, Work work) throws RemoteFailure, InterruptedException {
    Set<Digest> left = wanted;
    while (!left.isEmpty()) {
      CompletableFuture<Landing> landing = new CompletableFuture<>();
      Set<Digest> mine = new LinkedHashSet<>();
      List<Digest> others = new ArrayList<>();
      List<CompletableFuture<Landing>> theirs = new ArrayList<>();
      for (Digest digest : left) {
        CompletableFuture<Landing> before = underWay.putIfAbsent(digest, landing);
        if (before == null) {
          mine.add(digest);
        } else {
          others.add(digest);
          theirs.add(before);
        }
      }
      send(mine, landing, work);
      left = unsent(others, theirs);
    }
  }

  private void send(Set<Digest> mine, CompletableFuture<Landing> landing, Work work)
      throws RemoteFailure, InterruptedException {
    if (mine.isEmpty()) {
      return;
    }
    Landing came = new Landing.GivenUp();
    try {
      work.send(mine);
      came = new Landing.There();
    } catch (RemoteFailure e) {
      came = ofFailure(e);
      throw e;
    } finally {
      mine.forEach(digest -> underWay.remove(digest, landing));
      landing.complete(came);
    }
  }

  private static Landing ofFailure(RemoteFailure e) {
    return switch (e.kind()) {
      case UNAVAILABLE, DENIED, UNSUPPORTED -> new Landing.Failed(e);
      default -> new Landing.GivenUp();
    };
  }

  private static Set<Digest> unsent(List<Digest> digests, List<CompletableFuture<Landing>> landings)
      throws RemoteFailure, InterruptedException {
    Set<Digest> unsent = new LinkedHashSet<>();
    for (int i = 0; i < digests.size(); i++) {
      switch (await(landings.get(i))) {
        case Landing.There there -> {}
        case Landing.GivenUp givenUp -> unsent.add(digests.get(i));
        case Landing.Failed(RemoteFailure why) ->
            throw new RemoteFailure(why.kind(), String.valueOf(why.getMessage()), why);
      }
    }
    return unsent;
  }

  private static Landing await(CompletableFuture<Landing> landing) throws InterruptedException {
    try {
      return landing.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a landing is only ever completed with what came", e);
    }
  }
}
