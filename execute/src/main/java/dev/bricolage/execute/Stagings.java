package dev.bricolage.execute;

import dev.bricolage.action.Tree;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Laid-out trees, kept for a while after their runs: the next run of the same workspace lays out
 * only what has changed since, and runs of the same tree at the same time share one. A folder is
 * changed only while nobody runs in it.
 */
final class Stagings {
  /** Enough for a few workspaces that take turns; each holds names of files on the disk. */
  private static final int KEPT = 4;

  /** A look through a tree is followed by that many times its length without one. */
  private static final int REST = 50;

  private static final Duration MOST_REST = Duration.ofSeconds(30);

  private static final Duration QUIET = Duration.ofMinutes(2);

  private final Blobs blobs;
  private final Path scratch;
  private final String prefix;
  private final List<Kept> pool = new ArrayList<>();
  private long lastUse;
  private boolean waiting;

  /**
   * None yet.
   *
   * @param scratch where their folders are made, named after {@code prefix}
   */
  Stagings(Blobs blobs, Path scratch, String prefix) {
    this.blobs = blobs;
    this.scratch = scratch;
    this.prefix = prefix;
  }

  /** A tree that stays laid out until the lease is closed. */
  interface Lease extends AutoCloseable {
    /** Where its root is. */
    Path folder();

    @Override
    void close();
  }

  /**
   * Lays the tree out, or finds it laid out.
   *
   * @throws MissingBlob as {@link Staging#become}
   */
  Lease lay(Tree tree) throws IOException {
    Optional<Kept> found = claim(tree);
    if (found.isPresent()) {
      Kept kept = found.get();
      if (kept.isSound()) {
        return laid(kept, tree);
      }
      kept.spoiled = true;
      kept.close();
    }
    Path folder = Files.createTempDirectory(scratch, prefix);
    return laid(new Kept(new Staging(blobs, folder)), tree);
  }

  private Lease laid(Kept kept, Tree tree) throws IOException {
    boolean done = false;
    try {
      kept.become(tree);
      done = true;
      return kept;
    } finally {
      if (!done) {
        kept.spoiled = true;
        kept.close();
      }
    }
  }

  /** The one nearest to the tree: the same, whoever else uses it, or one that nobody uses. */
  private synchronized Optional<Kept> claim(Tree tree) {
    int least = tree.size() / 2 + 1; // from there on laying it anew is as fast
    Optional<Kept> nearest = Optional.empty();
    for (Kept kept : pool) {
      int distance = kept.staging.tree().distance(tree, least);
      if (distance < least && (distance == 0 || kept.users == 0)) {
        least = distance;
        nearest = Optional.of(kept);
      }
    }
    nearest.ifPresent(kept -> kept.users++);
    if (least > 0) {
      nearest.ifPresent(pool::remove); // it is about to change
    }
    return nearest;
  }

  /** Keeps none of them; those in use go when they are given back. */
  void release() {
    List<Kept> idle;
    synchronized (this) {
      pool.forEach(kept -> kept.spoiled = true);
      idle = pool.stream().filter(kept -> kept.users == 0).toList();
      pool.clear();
    }
    idle.forEach(kept -> LocalExecutor.sweep(kept.folder()));
  }

  /** Ends those that nobody uses, but the {@code most} that were left last. */
  private void trim(int most) {
    List<Kept> idle = new ArrayList<>(pool);
    idle.removeIf(kept -> kept.users > 0);
    for (Kept kept : idle.subList(0, Math.max(0, idle.size() - most))) {
      pool.remove(kept);
      kept.sweep();
    }
  }

  /** When nothing was laid out for a while, the disk gets back what they hold. */
  private void awaitQuiet() {
    if (waiting) {
      return;
    }
    waiting = true;
    Thread.ofVirtual()
        .name("idle trees")
        .start(() -> {
          try {
            do {
              Thread.sleep(QUIET);
            } while (!quiet());
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private synchronized boolean quiet() {
    if (System.nanoTime() - lastUse < QUIET.toNanos()) {
      return false;
    }
    trim(0);
    waiting = false;
    return true;
  }

  /** One of them; guarded by the pool's lock, but for the staging, which its only user changes. */
  private final class Kept implements Lease {
    private final Staging staging;
    private int users = 1;
    private boolean spoiled;
    private long soundUntil = System.nanoTime();

    Kept(Staging staging) {
      this.staging = staging;
    }

    @Override
    public Path folder() {
      return staging.folder();
    }

    /**
     * Whether nobody damaged it. A large tree is looked through now and then only: it may be
     * damaged while a run is under way, too, and a run must not pay for files that it does not look
     * at.
     */
    boolean isSound() throws IOException {
      long began = System.nanoTime();
      if (began - soundUntil < 0) {
        return true;
      }
      boolean sound = staging.isSound();
      long now = System.nanoTime();
      soundUntil = now + Math.min(REST * (now - began), MOST_REST.toNanos());
      return sound;
    }

    void become(Tree tree) throws IOException {
      synchronized (Stagings.this) {
        if (pool.contains(this)) {
          return; // it is the tree already, and others may run in it
        }
      }
      staging.become(tree);
      synchronized (Stagings.this) {
        pool.add(this);
      }
    }

    @Override
    public void close() {
      synchronized (Stagings.this) {
        users--;
        lastUse = System.nanoTime();
        boolean pooled = pool.remove(this);
        if (pooled && !spoiled) {
          pool.add(this); // the one left last is the last to go
          trim(KEPT);
          awaitQuiet();
        } else if (users == 0) {
          sweep();
        }
      }
    }

    private void sweep() {
      Thread.ofVirtual().name("sweep").start(() -> LocalExecutor.sweep(staging.folder()));
    }
  }
}
