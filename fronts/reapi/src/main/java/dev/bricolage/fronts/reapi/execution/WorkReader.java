package dev.bricolage.fronts.reapi.execution;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.reapi.cas.Folders;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.DirectoryNode;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;
import dev.bricolage.remote.protocol.Reapi.FileNode;
import dev.bricolage.remote.protocol.Reapi.Platform;
import dev.bricolage.remote.protocol.Reapi.SymlinkNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads an action, its command and its whole input tree. Every blob must be there, the files' too;
 * those that are not are named all at once, so that one more upload is enough.
 */
final class WorkReader {
  /** Linux opens no longer ones; folders within folders without end are longer. */
  private static final int MOST_PATH = 4095;

  private final TenantBlobs blobs;
  private final int mostEntries;
  private final Set<Digest> missing = new LinkedHashSet<>();
  private final Map<Digest, Directory> folders = new HashMap<>();
  private int counted;

  /** Reads inputs of at most so many files, links and folders. */
  WorkReader(TenantBlobs blobs, int mostEntries) {
    this.blobs = blobs;
    this.mostEntries = mostEntries;
  }

  /** What was asked for: the work, and what of its outcome goes back. */
  record Read(Work work, Wanted wanted, boolean mayCache) {}

  /**
   * Reads the {@code Action} alone.
   *
   * @throws Refusal FAILED_PRECONDITION when it is not there
   */
  Reapi.Action action(Digest digest) {
    Reapi.Action action =
        message(digest, "Action", Reapi.Action.parser())
            .orElseThrow(() -> missing("the action %s is not here".formatted(digest)));
    return action;
  }

  Read read(ExecuteRequest request, Digest digest, Reapi.Action action) {
    Digest commandDigest = Digests.read(action.getCommandDigest());
    Optional<Reapi.Command> command = message(commandDigest, "Command", Reapi.Command.parser());
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    folders(Digests.read(action.getInputRootDigest()), entries);
    if (command.isEmpty() || !missing.isEmpty()) {
      throw missing("%d blobs of the action %s are not here".formatted(missing.size(), digest));
    }
    return read(request, digest, action, command.get(), entries);
  }

  private Refusal missing(String message) {
    return Refusal.missing(message, missing);
  }

  private <T> Optional<T> message(Digest digest, String type, Parser<T> parser) {
    Optional<byte[]> bytes = blobs.read(digest);
    if (bytes.isEmpty()) {
      missing.add(digest);
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parseFrom(bytes.get()));
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("the blob %s is no %s".formatted(digest, type));
    }
  }

  /** A folder of the tree that was not looked into yet. */
  private record Ahead(TreePath path, Digest digest) {}

  /** Not by recursion: two thousand folders within each other are more than a stack holds. */
  private void folders(Digest root, SortedMap<TreePath, Entry> entries) {
    Deque<Ahead> ahead = new ArrayDeque<>();
    ahead.push(new Ahead(TreePath.ROOT, root));
    while (!ahead.isEmpty()) {
      Ahead next = ahead.pop();
      folder(next.path(), next.digest(), entries, ahead);
    }
  }

  private void folder(
      TreePath path, Digest digest, SortedMap<TreePath, Entry> entries, Deque<Ahead> ahead) {
    if (path.value().length() > MOST_PATH) {
      throw Refusal.invalid("a path of the input tree is longer than %d".formatted(MOST_PATH));
    }
    Directory directory = directory(digest);
    counted += directory.getFilesCount() + directory.getSymlinksCount();
    counted += 1;
    if (counted > mostEntries) {
      throw Refusal.exhausted("the input tree has more than %d entries".formatted(mostEntries));
    }
    for (FileNode file : directory.getFilesList()) {
      Digest content = Digests.read(file.getDigest());
      if (!blobs.has(content)) {
        missing.add(content);
      }
      entries.put(path.child(file.getName()), new Entry.File(content, file.getIsExecutable()));
    }
    for (SymlinkNode link : directory.getSymlinksList()) {
      entries.put(path.child(link.getName()), new Entry.Link(link.getTarget()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      TreePath below = path.child(child.getName());
      entries.put(below, new Entry.Folder());
      ahead.push(new Ahead(below, Digests.read(child.getDigest())));
    }
  }

  private Directory directory(Digest digest) {
    Directory known = folders.get(digest);
    if (known != null) {
      return known;
    }
    Directory read =
        blobs
            .read(digest)
            .map(bytes -> Folders.read(digest, bytes))
            .orElseGet(() -> {
              missing.add(digest);
              return Directory.getDefaultInstance();
            });
    folders.put(digest, read);
    return read;
  }

  private static Read read(
      ExecuteRequest request,
      Digest digest,
      Reapi.Action action,
      Reapi.Command command,
      SortedMap<TreePath, Entry> entries) {
    if (command.getArgumentsCount() == 0) {
      throw Refusal.invalid("the command of %s has no arguments".formatted(digest));
    }
    try {
      Wanted wanted = wanted(command);
      wanted.outputs().forEach(output -> makeRoom(wanted.place(output), entries));
      Work work =
          new Work(
              request.getInstanceName(),
              digest,
              List.copyOf(command.getArgumentsList()),
              environment(command),
              wanted.directory(),
              platform(action, command),
              new Tree(entries),
              timeout(action),
              !request.getSkipCacheLookup() && !action.getDoNotCache(),
              request.getExecutionPolicy().getPriority());
      checkDirectory(work);
      return new Read(work, wanted, !action.getDoNotCache());
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("the action %s cannot be run: %s".formatted(digest, e.getMessage()));
    }
  }

  private static void checkDirectory(Work work) {
    Optional<Entry> at = work.inputs().at(work.directory());
    if (at.isEmpty() || !(at.get() instanceof Entry.Folder)) {
      throw new IllegalArgumentException(
          "its working directory '%s' is no folder of its inputs".formatted(work.directory()));
    }
  }

  /** The folders above an output are made before the command runs. */
  private static void makeRoom(TreePath output, SortedMap<TreePath, Entry> entries) {
    output.ancestors().forEach(above -> entries.putIfAbsent(above, new Entry.Folder()));
  }

  @SuppressWarnings("deprecation") // clients before 2.1
  private static Wanted wanted(Reapi.Command command) {
    List<Wanted.Output> outputs = new ArrayList<>();
    if (command.getOutputPathsCount() > 0) {
      command
          .getOutputPathsList()
          .forEach(path -> outputs.add(new Wanted.Output(path, Wanted.Kind.ANY)));
    } else {
      command
          .getOutputFilesList()
          .forEach(path -> outputs.add(new Wanted.Output(path, Wanted.Kind.FILE)));
      command
          .getOutputDirectoriesList()
          .forEach(path -> outputs.add(new Wanted.Output(path, Wanted.Kind.FOLDER)));
    }
    return new Wanted(
        new TreePath(command.getWorkingDirectory()), outputs, command.getOutputDirectoryFormat());
  }

  private static SortedMap<String, String> environment(Reapi.Command command) {
    SortedMap<String, String> environment = new TreeMap<>();
    command
        .getEnvironmentVariablesList()
        .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    return environment;
  }

  /** Since 2.2 it stands in the action. */
  @SuppressWarnings("deprecation")
  private static SortedMap<String, String> platform(Reapi.Action action, Reapi.Command command) {
    SortedMap<String, String> platform = new TreeMap<>();
    Platform given = action.hasPlatform() ? action.getPlatform() : command.getPlatform();
    given
        .getPropertiesList()
        .forEach(property -> platform.put(property.getName(), property.getValue()));
    return platform;
  }

  private static Optional<Duration> timeout(Reapi.Action action) {
    if (!action.hasTimeout()) {
      return Optional.empty();
    }
    Duration timeout =
        Duration.ofSeconds(action.getTimeout().getSeconds(), action.getTimeout().getNanos());
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("its time limit is negative");
    }
    return timeout.isZero() ? Optional.empty() : Optional.of(timeout);
  }
}
