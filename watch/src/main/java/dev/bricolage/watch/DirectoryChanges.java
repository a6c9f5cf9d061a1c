package dev.bricolage.watch;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeListener;
import io.methvin.watcher.DirectoryWatcher;
import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Changes as the kernel tells them (inotify), by way of directory-watcher, which watches folders
 * below folders.
 *
 * <p>What was made before a moment is known to have been told by a <em>cookie</em> (Watchman's
 * idea): a file that is made in a folder of our own, watched by the same inotify queue, where
 * events keep their order. Here it takes two, one after the other: the JDK keeps a list of events
 * for each folder, and one that is being read out while more come goes to the end of the line once
 * more.
 */
final class DirectoryChanges implements Changes {
  /** An answer takes a millisecond; who has heard nothing after this long will not. */
  private static final long PATIENCE_SECONDS = 10;

  private static final String OVERFLOW = "more changed at once than could be told";

  private final Path root;
  private final Path cookies;
  private final Listener listener;
  private final DirectoryWatcher watcher;
  private final Object identity;
  private final AtomicLong made = new AtomicLong();
  private final Map<Path, CountDownLatch> awaited = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private DirectoryChanges(Path root, Path cookies, Listener listener) throws IOException {
    this.root = root;
    this.cookies = cookies;
    this.listener = listener;
    this.identity = identity(root);
    this.watcher =
        DirectoryWatcher.builder()
            .paths(List.of(root, cookies))
            .listener(new Ear())
            .fileTreeVisitor(DirectoryChanges::visit)
            .fileHashing(false) // it would read all files before it begins, to drop a few events
            .build();
  }

  /**
   * A folder that vanishes while folders are walked must not keep the others from being watched.
   * That it went is told by the folder above, which is watched already.
   */
  private static void visit(
      Path start, FileTreeVisitor.Callback onFolder, FileTreeVisitor.Callback onFile)
      throws IOException {
    FileTreeVisitor.DEFAULT_FILE_TREE_VISITOR.recursiveVisitFiles(
        start,
        folder -> {
          try {
            onFolder.call(folder);
          } catch (NoSuchFileException | NotDirectoryException vanished) {
            // nothing to watch
          }
        },
        onFile);
  }

  /** Listens to all folders below this one. */
  static Changes open(Path root, Listener listener) throws IOException {
    Path cookies = Files.createTempDirectory("bric-watch-");
    try {
      DirectoryChanges changes = new DirectoryChanges(root, cookies, listener);
      changes.begin();
      return changes;
    } catch (IOException e) {
      Files.deleteIfExists(cookies);
      throw new IOException(Limits.explanation(root, e), e);
    }
  }

  private void begin() throws IOException {
    CompletableFuture<Void> listening =
        watcher.watchAsync(task -> Thread.ofVirtual().name("changes of " + root).start(task));
    // It fails at once when a folder could not be watched, and ends when the last one is gone.
    if (listening.isCompletedExceptionally()) {
      watcher.close();
      try {
        listening.join();
      } catch (CompletionException e) {
        throw cause(e);
      }
    }
    var _ = listening.whenComplete((nothing, failure) -> lost("nothing more is heard of " + root));
  }

  private static IOException cause(CompletionException e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    return new IOException(e);
  }

  private void lost(String reason) {
    if (!closed) {
      listener.lost(reason);
    }
    // Their cookies may be among what was lost.
    awaited.values().forEach(CountDownLatch::countDown);
  }

  @Override
  public void settle() throws IOException, InterruptedException {
    awaitCookie();
    awaitCookie();
    checkRoot();
  }

  /** Nobody tells that the root itself was moved or removed: that is an event of its parent. */
  private void checkRoot() {
    Object now;
    try {
      now = identity(root);
    } catch (IOException e) {
      now = e;
    }
    if (!now.equals(identity)) {
      lost(root + " is not the folder it was");
    }
  }

  /** Device and inode; a file system without them has no folders that could be told apart. */
  private static Object identity(Path root) throws IOException {
    @Nullable Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    return key == null ? "none" : key;
  }

  private void awaitCookie() throws IOException, InterruptedException {
    Path cookie = cookies.resolve("cookie-" + made.incrementAndGet());
    CountDownLatch told = new CountDownLatch(1);
    awaited.put(cookie, told);
    try {
      Files.createFile(cookie);
      if (!closed && !told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the kernel has told nothing for " + PATIENCE_SECONDS + " seconds");
      }
    } finally {
      awaited.remove(cookie);
      Files.deleteIfExists(cookie);
      if (closed) {
        Files.deleteIfExists(cookies);
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    watcher.close();
    awaited.values().forEach(CountDownLatch::countDown);
    if (awaited.isEmpty()) {
      Files.deleteIfExists(cookies); // else who waits does it
    }
  }

  /** What the library calls, on its one thread. */
  private final class Ear implements DirectoryChangeListener {
    @Override
    public void onEvent(DirectoryChangeEvent event) {
      if (event.eventType() == DirectoryChangeEvent.EventType.OVERFLOW) {
        // Folders that were made meanwhile are not watched, and the library will not come back.
        lost(OVERFLOW);
      } else if (event.path().startsWith(cookies)) {
        CountDownLatch told = awaited.get(event.path());
        if (told != null) {
          told.countDown();
        }
      } else {
        tell(event);
      }
    }

    private void tell(DirectoryChangeEvent event) {
      Path path = root.relativize(event.path());
      if (!isFolder(event)) {
        listener.changed(path);
      } else if (event.eventType() == DirectoryChangeEvent.EventType.MODIFY) {
        // Its permissions: if it could not be entered before it was not watched.
        lost("the permissions of " + event.path() + " were changed");
      } else {
        listener.folderChanged(path);
      }
    }

    /** The library knows which folders were there at the start, and not all that came later. */
    private boolean isFolder(DirectoryChangeEvent event) {
      return event.isDirectory() || Files.isDirectory(event.path(), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void onIdle(int eventCount) {
      if (!closed) {
        checkRoot();
      }
    }

    /**
     * The limit of watches, say: some folders are not watched. An overflow comes here as well, for
     * the library looks up the hash of a path that overflows do not have (0.19.1).
     */
    @Override
    public void onException(Exception e) {
      lost(
          switch (e) {
            case IOException io -> Limits.explanation(root, io);
            case NullPointerException overflow -> OVERFLOW;
            default -> e.toString();
          });
    }
  }
}
