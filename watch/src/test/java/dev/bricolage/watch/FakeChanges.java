package dev.bricolage.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source of changes that tells what a test tells it to, and can be made to fail. */
final class FakeChanges implements Changes.Source {
  /** Listening is refused with this while it is there. */
  Optional<String> refusal = Optional.empty();

  /** Every settling of the source fails with this while it is there. */
  Optional<String> silence = Optional.empty();

  /** How often listening began. */
  int opened;

  /** Those who listen now. */
  private final List<Changes.Listener> listeners = new ArrayList<>();

  @Override
  public Changes open(Path root, Changes.Listener listener) throws IOException {
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    opened++;
    listeners.add(listener);
    return new Changes() {
      @Override
      public void settle() throws IOException {
        if (silence.isPresent()) {
          throw new IOException(silence.get());
        }
      }

      @Override
      public void close() {
        listeners.remove(listener);
      }
    };
  }

  /** How many listen. */
  int listening() {
    return listeners.size();
  }

  void tell(String path) {
    listeners.forEach(listener -> listener.changed(Path.of(path)));
  }

  void tellFolder(String path) {
    listeners.forEach(listener -> listener.folderChanged(Path.of(path)));
  }

  void lose(String reason) {
    List.copyOf(listeners).forEach(listener -> listener.lost(reason));
  }
}
