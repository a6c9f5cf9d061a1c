package dev.bricolage.cli;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** {@code bric store}: looks inside, checks, makes room. */
final class StoreWork {
  private final Store store;
  private final Session session;

  StoreWork(Store store, Session session) {
    this.store = store;
    this.session = session;
  }

  int of(StoreOptions options) throws Failure, IOException {
    return switch (options) {
      case StoreOptions.Cat cat -> cat(cat.digest());
      default -> throw new Failure(ExitStatus.INTERNAL, "not yet");
    };
  }

  private int cat(String name) throws Failure, IOException {
    Digest digest;
    try {
      digest = Digest.parse(name);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitStatus.USAGE, e.getMessage() + "", e);
    }
    Optional<InputStream> blob = store.blobs().open(digest);
    if (blob.isEmpty()) {
      throw new Failure(ExitStatus.NO_INPUT, "the store has no blob " + name);
    }
    try (InputStream bytes = blob.get()) {
      bytes.transferTo(session.stdout());
    }
    return 0;
  }
}
