package dev.bricolage.watch;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.ViewKey;
import dev.bricolage.memo.engine.Memo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Listens to what changes below a folder and tells a memo: each burst of changes is one revision.
 * When changes were lost, or a folder came or went whole, all that was ever asked of the view is
 * compared ({@code memo.verify}). Where listening is not possible at all, {@link #settle} compares.
 *
 * <p>{@link #settle} before {@code memo.get} gives what the folder held when it was called, as far
 * as the kernel tells: it does not tell of writes through a memory map, of other machines' writes
 * to a network file system, or of the same file under another name outside of the folder. {@code
 * memo.verify(LOW)} before {@code memo.get} gives it whatever was told. Thread-safe.
 */
public final class Watch implements AutoCloseable {
  /** How changes come to be known. */
  public sealed interface Mode {
    /** By being told of them. */
    record Listening() implements Mode {}

    /**
     * By looking at everything that was asked, at each {@link Watch#settle}.
     *
     * @param reason why they cannot be told, for people
     */
    record Comparing(String reason) implements Mode {}
  }

  /** How often looking goes on before listening is tried once more. */
  private static final int PATIENCE = 16;

  private final Path root;
  private final Memo memo;
  private final Function<Path, ? extends Collection<? extends ViewKey<?>>> keysOf;
  private final Changes.Source source;
  private final Bursts bursts = new Bursts(System::nanoTime);
  private final Thread thread;

  /** Held while the memo is told, and while listening begins or ends: one at a time. */
  private final ReentrantLock telling = new ReentrantLock();

  // Guarded by telling.
  private Optional<Changes> changes = Optional.empty();
  private int comparisons;

  private volatile Mode mode = new Mode.Listening();

  private Watch(
      Path root,
      Memo memo,
      Function<Path, ? extends Collection<? extends ViewKey<?>>> keysOf,
      Changes.Source source) {
    this.root = root;
    this.memo = memo;
    this.keysOf = keysOf;
    this.source = source;
    this.thread = Thread.ofVirtual().name("watch " + root).unstarted(this::tellBursts);
  }

  /**
   * Listens from now on. What the memo has asked before is compared once.
   *
   * @param root a folder; when it cannot be listened to, {@link #mode} says why
   * @param keysOf what may be answered otherwise after a change at a path relative to the root, the
   *     empty path being the root
   */
  public static Watch over(
      Path root, Memo memo, Function<Path, ? extends Collection<? extends ViewKey<?>>> keysOf)
      throws InterruptedException {
    return over(root, memo, keysOf, DirectoryChanges::open);
  }

  /** Listens from now on to the folder that is the memo's view. */
  public static Watch over(Folder folder, Memo memo) throws InterruptedException {
    return over(folder.root(), memo, Folder::keysOf);
  }

  static Watch over(
      Path root,
      Memo memo,
      Function<Path, ? extends Collection<? extends ViewKey<?>>> keysOf,
      Changes.Source source)
      throws InterruptedException {
    Watch watch = new Watch(root, memo, keysOf, source);
    watch.begin();
    return watch;
  }

  private void begin() throws InterruptedException {
    telling.lockInterruptibly();
    boolean begun = false;
    try {
      listen();
      memo.verify(Durability.LOW); // what changed before anybody listened
      begun = true;
    } finally {
      if (!begun) {
        deafen();
      }
      telling.unlock();
    }
    thread.start();
  }

  /** How changes come to be known at present. */
  public Mode mode() {
    return mode;
  }

  /**
   * Brings the memo up to date: when this returns, every change made before it was called is in the
   * memo, as far as the kernel tells of changes.
   *
   * @return the memo's revision
   * @throws IllegalStateException when this is closed
   */
  public long settle() throws InterruptedException {
    hearAll();
    telling.lockInterruptibly();
    try {
      if (bursts.isClosed()) {
        throw new IllegalStateException("the watch over " + root + " is closed");
      }
      if (changes.isPresent()) {
        tell();
        return memo.revision();
      }
      comparisons++;
      if (comparisons % PATIENCE == 0) {
        listen();
      }
      return memo.verify(Durability.LOW);
    } finally {
      telling.unlock();
    }
  }

  /** Stops listening. The memo stays as it is. */
  @Override
  public void close() {
    bursts.close();
    telling.lock();
    try {
      deafen();
    } finally {
      telling.unlock();
    }
  }

  /** Waits until what was changed is heard; whoever calls does not hold {@code telling}. */
  private void hearAll() throws InterruptedException {
    telling.lockInterruptibly();
    Optional<Changes> now;
    try {
      now = changes;
    } finally {
      telling.unlock();
    }
    if (now.isPresent()) {
      try {
        now.get().settle();
      } catch (IOException e) {
        bursts.lost(e.toString());
      }
    }
  }

  /** One after the other, each burst when it is over. */
  private void tellBursts() {
    while (!bursts.isClosed()) {
      try {
        if (bursts.await()) {
          tellAlone();
        }
      } catch (InterruptedException e) {
        // Nobody has cause to interrupt this thread; what was heard is heard still.
      }
    }
  }

  private void tellAlone() throws InterruptedException {
    telling.lockInterruptibly();
    try {
      tell();
    } catch (RuntimeException e) {
      // The next to settle looks for himself, and is told what is wrong.
    } finally {
      telling.unlock();
    }
  }

  /** Makes one revision of what was heard. The caller holds {@code telling}. */
  private void tell() throws InterruptedException {
    Burst burst = bursts.take();
    if (burst.isEmpty() || bursts.isClosed()) {
      return;
    }
    try {
      if (burst.lost().isPresent()) {
        deafen();
        listen();
      }
      if (burst.comparesAll()) {
        memo.verify(Durability.LOW);
      } else {
        memo.edit(edit -> burst.paths().forEach(path -> keysOf.apply(path).forEach(edit::changed)));
      }
    } catch (InterruptedException e) {
      bursts.compareAll(); // what was heard must not be forgotten
      throw e;
    } catch (RuntimeException e) {
      deafen();
      mode = new Mode.Comparing("the memo could not be told of changes: " + e);
      throw e;
    }
  }

  /** Begins to listen; whoever calls compares afterwards. The caller holds {@code telling}. */
  private void listen() {
    try {
      changes = Optional.of(source.open(root, bursts));
      mode = new Mode.Listening();
    } catch (IOException e) {
      mode = new Mode.Comparing(e.getMessage() + "; until then every request compares all files");
    }
  }

  /** Ends listening. The caller holds {@code telling}. */
  private void deafen() {
    Optional<Changes> old = changes;
    changes = Optional.empty();
    try {
      if (old.isPresent()) {
        old.get().close();
      }
    } catch (IOException e) {
      // It is not asked any more, and what it leaves is an inotify instance at worst.
    }
  }
}
