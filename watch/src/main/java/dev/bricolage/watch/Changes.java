package dev.bricolage.watch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Hears of changes below a folder, from when it is opened to when it is closed. */
interface Changes extends Closeable {
  /** Where changes are heard of. */
  @FunctionalInterface
  interface Source {
    /**
     * Begins to listen; what changes after this has returned is told.
     *
     * @throws IOException when that cannot be, its message saying why and what would help
     */
    Changes open(Path root, Listener listener) throws IOException;
  }

  /** Who is told. Each method returns soon. */
  interface Listener {
    /**
     * Something happened at a path that is no folder.
     *
     * @param path relative to the root; the empty path is the root
     */
    void changed(Path path);

    /** A folder came or went, whole: what happened below it was perhaps not told. */
    void folderChanged(Path path);

    /** Changes were lost, and perhaps more will be: listening is to be begun anew. */
    void lost(String reason);
  }

  /**
   * Waits until every change that was made before this was called has been told, or that it was
   * lost.
   *
   * @throws IOException when there is no telling; then changes may have been lost
   */
  void settle() throws IOException, InterruptedException;
}
