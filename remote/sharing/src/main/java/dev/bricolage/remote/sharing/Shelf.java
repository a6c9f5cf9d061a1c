package dev.bricolage.remote.sharing;

import dev.bricolage.action.Digest;
import dev.bricolage.action.TreePath;
import dev.bricolage.memo.Question;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.RemoteResults;
import dev.bricolage.remote.client.line.RemoteFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a key's traces stand in an action cache: an ordinary entry, under a digest that no action
 * has, whose files are the traces, newest first, and what their runs came to. Two who add at once
 * may lose one of the two, which costs somebody a run.
 */
final class Shelf {
  /** An entry stays small, and the oldest branch is forgotten first. */
  private static final int MOST = 32;

  private static final String SALT = "bricolage traces 1\n";
  private static final String TRACES = "traces/";
  private static final String OUTCOMES = "outcomes/";

  private final RemoteResults results;

  Shelf(RemoteResults results) {
    this.results = results;
  }

  /** A trace and the outcome that it leads to. */
  record Item(Digest trace, Digest outcome) {}

  static Digest place(Question key) {
    return Digest.of((SALT + key.kind() + "\n" + key.subject()).getBytes(StandardCharsets.UTF_8));
  }

  /** What stands there, newest first; nothing where what stands there is not ours. */
  List<Item> items(Question key) throws RemoteFailure, InterruptedException {
    Optional<RemoteResult> entry = results.get(place(key));
    if (entry.isEmpty()) {
      return List.of();
    }
    List<Item> items = new ArrayList<>();
    List<RemoteResult.OutputFile> files = entry.get().files();
    for (int i = 0; i + 1 < files.size(); i += 2) {
      boolean pair =
          files.get(i).path().value().startsWith(OUTCOMES)
              && files.get(i + 1).path().value().startsWith(TRACES);
      if (pair) {
        items.add(new Item(files.get(i + 1).digest(), files.get(i).digest()));
      }
    }
    return items;
  }

  /** Puts one there. Its blobs must be in the cache. */
  void add(Question key, Item item) throws RemoteFailure, InterruptedException {
    Set<Item> all = new LinkedHashSet<>();
    all.add(item);
    all.addAll(items(key));
    List<RemoteResult.OutputFile> files = new ArrayList<>();
    for (Item each : all.stream().limit(MOST).toList()) {
      String name = String.format("%02d", files.size() / 2);
      files.add(file(OUTCOMES + name, each.outcome()));
      files.add(file(TRACES + name, each.trace()));
    }
    results.put(
        place(key),
        new RemoteResult(
            0,
            files,
            List.of(),
            List.of(),
            Digest.EMPTY,
            Digest.EMPTY,
            Map.of(),
            Optional.empty()));
  }

  private static RemoteResult.OutputFile file(String path, Digest digest) {
    return new RemoteResult.OutputFile(new TreePath(path), digest, false);
  }
}
