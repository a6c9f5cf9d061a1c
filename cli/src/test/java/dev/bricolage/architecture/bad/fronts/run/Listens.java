package dev.bricolage.architecture.bad.fronts.run;

import io.methvin.watcher.DirectoryWatcher;

/** Breaks: only watch knows what it hears by. */
final class Listens {
  boolean isWatcher(Object object) {
    return object instanceof DirectoryWatcher;
  }
}
