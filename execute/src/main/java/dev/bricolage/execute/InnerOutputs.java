package dev.bricolage.execute;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of an inner run: taken from a build's tree, and put into it. */
final class InnerOutputs {
  private final Blobs blobs;
  private final BuildView view;
  private final SortedMap<TreePath, Entry> made = new TreeMap<>();
  private final List<TreePath> gone = new ArrayList<>();

  InnerOutputs(Blobs blobs, BuildView view) {
    this.blobs = blobs;
    this.view = view;
  }

  /**
   * Takes what is at these paths now into the store.
   *
   * @param existed of them, those where something was before
   * @return why the run cannot be remembered, if it cannot
   */
  Optional<String> collect(List<String> changed, Set<String> existed) throws IOException {
    for (String path : changed) {
      if (!view.isChangeable(path)) {
        continue; // it tried, and the sandbox did not let it
      }
      Optional<String> reason = take(path, existed.contains(path));
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  private Optional<String> take(String path, boolean existed) throws IOException {
    TreePath place = new TreePath(path.substring(1));
    Path real = view.real(path);
    Stat stat = Stat.of(real);
    switch (stat.type()) {
      case ABSENT -> {
        if (existed) {
          gone.add(place);
        }
      }
      case OTHER -> {
        return Optional.of("it made " + path + ", which is no file, link or folder");
      }
      case SYMLINK -> made.put(place, new Entry.Link(BuildView.link(real)));
      case FILE -> {
        if (view.hasOtherNames(path)) {
          return Optional.of("it changed " + path + ", which has another name");
        }
        made.put(place, new Entry.File(blobs.put(real), stat.executable()));
      }
      case DIRECTORY -> {
        made.put(place, new Entry.Folder());
        for (HostFiles.Name name : HostFiles.list(HostFiles.bytes(real))) {
          Optional<String> text = name.text();
          if (text.isEmpty()) {
            return Optional.of("a name below " + path + " is not UTF-8");
          }
          Optional<String> reason = take(path + "/" + text.get(), false);
          if (reason.isPresent()) {
            return reason;
          }
        }
      }
    }
    return Optional.empty();
  }

  SortedMap<TreePath, Entry> made() {
    return made;
  }

  List<TreePath> gone() {
    return gone;
  }

  /**
   * Does to the build's tree what the tool would have done: each file whole or not at all.
   *
   * @return false when the tool has to run: bytes are lost, or a file has other names, and it is
   *     the tool's choice whether they go on to be names of the same
   */
  boolean apply(Outcome outcome, int umask) throws IOException {
    for (TreePath path : outcome.changes().keySet()) {
      if (view.hasOtherNames("/" + path.value())) {
        return false;
      }
    }
    for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
      Path target = view.real("/" + change.getKey().value());
      switch (change.getValue()) {
        case Entry.Folder folder -> {
          if (!Files.isDirectory(target, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(target);
          }
        }
        case Entry.Link link -> {
          Path fresh = beside(target);
          Files.createSymbolicLink(fresh, Path.of(link.target()));
          Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
        case Entry.File file -> {
          Path fresh = beside(target);
          int mode = (file.executable() ? 0777 : 0666) & ~umask;
          if (!blobs.copy(file.digest(), fresh, mode)) {
            return false;
          }
          Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    for (TreePath path : outcome.deleted().reversed()) {
      remove(view.real("/" + path.value()));
    }
    return true;
  }

  private static Path beside(Path target) {
    return target.resolveSibling(
        ".bric-" + Long.toHexString(Thread.currentThread().threadId()) + "-" + System.nanoTime());
  }

  private static void remove(Path path) throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException notItsOwn) {
      throw new IOException(
          "a folder that the tool would have removed is not empty: "
              + new String(HostFiles.bytes(path), StandardCharsets.UTF_8),
          notItsOwn);
    }
  }
}
