package dev.bricolage.fronts.reapi;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.execution.Executed;
import dev.bricolage.fronts.reapi.execution.Work;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs commands in a folder, without any sandbox: for trials with real clients. */
final class PlainExecutor implements ActionExecutor {
  private final Blobs blobs;

  PlainExecutor(Blobs blobs) {
    this.blobs = blobs;
  }

  @Override
  public Executed run(Work work, Progress progress) throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("plain-executor");
      try {
        return run(work, progress, folder);
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      return new Executed.Failed(true, "cannot be run: " + e.getMessage());
    }
  }

  private Executed run(Work work, Progress progress, Path folder)
      throws IOException, InterruptedException {
    Path root = Files.createDirectory(folder.resolve("root"));
    layOut(work, root);
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(work.arguments())
            .directory(at(root, work.directory()).toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(work.environment());
    progress.started();
    Instant started = Instant.now();
    Process process = builder.start();
    try {
      if (work.timeout().isEmpty()) {
        process.waitFor();
      } else if (!process.waitFor(work.timeout().get().toMillis(), TimeUnit.MILLISECONDS)) {
        return new Executed.TimedOut(blobs.put(out), blobs.put(err));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    SortedMap<TreePath, Entry> changes = changes(work, root);
    List<TreePath> deleted = new ArrayList<>();
    for (TreePath path : work.inputs().entries().keySet()) {
      if (!Files.exists(at(root, path), LinkOption.NOFOLLOW_LINKS)) {
        deleted.add(path);
      }
    }
    Outcome outcome =
        new Outcome(
            process.exitValue(),
            changes,
            Set.of(),
            deleted,
            blobs.put(out),
            blobs.put(err),
            List.of());
    return new Executed.Finished(outcome, started, Instant.now(), false);
  }

  private static Path at(Path root, TreePath path) {
    return path.equals(TreePath.ROOT) ? root : root.resolve(path.value());
  }

  private void layOut(Work work, Path root) throws IOException {
    for (Map.Entry<TreePath, Entry> entry : work.inputs().entries().entrySet()) {
      Path target = at(root, entry.getKey());
      switch (entry.getValue()) {
        case Entry.Folder folder -> Files.createDirectories(target);
        case Entry.Link link -> Files.createSymbolicLink(target, Path.of(link.target()));
        case Entry.File file -> blobs.copy(file.digest(), target, file.executable() ? 0755 : 0644);
      }
    }
  }

  private SortedMap<TreePath, Entry> changes(Work work, Path root) throws IOException {
    SortedMap<TreePath, Entry> changes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.filter(found -> !found.equals(root)).toList()) {
        TreePath place = new TreePath(root.relativize(path).toString());
        Entry entry = entry(path);
        if (!work.inputs().at(place).equals(Optional.of(entry))) {
          changes.put(place, entry);
        }
      }
    }
    return changes;
  }

  private Entry entry(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return new Entry.Link(Files.readSymbolicLink(path).toString());
    }
    if (Files.isDirectory(path)) {
      return new Entry.Folder();
    }
    Digest digest = blobs.put(path);
    return new Entry.File(digest, Files.isExecutable(path));
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
