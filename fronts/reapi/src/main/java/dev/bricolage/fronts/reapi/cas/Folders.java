package dev.bricolage.fronts.reapi.cas;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.DirectoryNode;
import dev.bricolage.remote.protocol.Reapi.FileNode;
import dev.bricolage.remote.protocol.Reapi.SymlinkNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Walks the folders of a tree, breadth first, each once however often it is named; so a tree that
 * unfolds to more folders than there are atoms costs what its messages cost. What is no canonical
 * folder is refused where it is read, before anybody lays it out.
 */
public final class Folders {
  private final TenantBlobs blobs;
  private final int most;
  private final Queue<Digest> waiting = new ArrayDeque<>();
  private final Set<Digest> seen = new HashSet<>();

  /** The folders from {@code root} on; more than {@code most} are refused. */
  public Folders(TenantBlobs blobs, Digest root, int most) {
    this.blobs = blobs;
    this.most = most;
    enqueue(root);
  }

  private void enqueue(Digest folder) {
    if (seen.add(folder)) {
      waiting.add(folder);
    }
    if (seen.size() > most) {
      throw Refusal.exhausted("the tree has more than %d folders".formatted(most));
    }
  }

  /** The next folder that is there, or none when there are no more; missing ones are left out. */
  public Optional<Directory> next() {
    while (true) {
      Digest folder = waiting.poll();
      if (folder == null) {
        return Optional.empty();
      }
      Optional<byte[]> bytes = blobs.read(folder);
      if (bytes.isPresent()) {
        Directory read = read(folder, bytes.get());
        read.getDirectoriesList().forEach(child -> enqueue(Digests.read(child.getDigest())));
        return Optional.of(read);
      }
    }
  }

  /**
   * Reads one folder.
   *
   * @throws Refusal when it is not one, or not canonical
   */
  public static Directory read(Digest digest, byte[] bytes) {
    Directory directory;
    try {
      directory = Directory.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("the blob %s is no Directory".formatted(digest));
    }
    check(digest, directory);
    return directory;
  }

  /**
   * Checks what REAPI asks of a {@code Directory}: names that are one part of a path, each once, in
   * the order of their bytes; links that point somewhere; digests that are ones.
   */
  public static void check(Digest digest, Directory directory) {
    Set<String> names = new HashSet<>();
    names(digest, names, directory.getFilesList().stream().map(FileNode::getName).toList());
    names(
        digest,
        names,
        directory.getDirectoriesList().stream().map(DirectoryNode::getName).toList());
    names(digest, names, directory.getSymlinksList().stream().map(SymlinkNode::getName).toList());
    directory.getFilesList().forEach(file -> Digests.read(file.getDigest()));
    directory.getDirectoriesList().forEach(child -> Digests.read(child.getDigest()));
    for (SymlinkNode link : directory.getSymlinksList()) {
      if (link.getTarget().isEmpty() || link.getTarget().indexOf('\0') >= 0) {
        throw bad(digest, "the link '%s' points nowhere".formatted(link.getName()));
      }
    }
  }

  private static void names(Digest digest, Set<String> seen, List<String> names) {
    byte[] last = {};
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..") || !isOnePart(name)) {
        throw bad(digest, "'%s' is no name".formatted(name.replace("\0", "\\0")));
      }
      if (!seen.add(name)) {
        throw bad(digest, "'%s' stands in it twice".formatted(name));
      }
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      if (Arrays.compareUnsigned(last, bytes) > 0) {
        throw bad(digest, "'%s' is out of order".formatted(name));
      }
      last = bytes;
    }
  }

  private static boolean isOnePart(String name) {
    return name.indexOf('/') < 0 && name.indexOf('\0') < 0;
  }

  private static Refusal bad(Digest digest, String why) {
    return Refusal.invalid("the folder %s cannot be: %s".formatted(digest, why));
  }
}
