package dev.bricolage.fronts.reapi.results;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.cas.Folders;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Digests;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.Bricolage.Observation;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.Directory;
import dev.bricolage.remote.protocol.Reapi.FileNode;
import dev.bricolage.remote.protocol.Reapi.OutputDirectory;
import dev.bricolage.remote.protocol.Reapi.OutputFile;
import dev.bricolage.remote.protocol.Reapi.OutputSymlink;
import dev.bricolage.remote.protocol.Reapi.Tree;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The blobs that a result names, itself or in the trees of its folders. */
final class NamedBlobs {
  private NamedBlobs() {}

  /** Those it names itself: files, streams, and the messages that describe its folders. */
  static Set<Digest> direct(ActionResult result) {
    Set<Digest> named = new LinkedHashSet<>();
    result.getOutputFilesList().forEach(file -> named.add(Digests.read(file.getDigest())));
    for (OutputDirectory folder : result.getOutputDirectoriesList()) {
      if (folder.hasTreeDigest()) {
        named.add(Digests.read(folder.getTreeDigest()));
      }
      if (folder.hasRootDirectoryDigest()) {
        named.add(Digests.read(folder.getRootDirectoryDigest()));
      }
    }
    if (result.hasStdoutDigest()) {
      named.add(Digests.read(result.getStdoutDigest()));
    }
    if (result.hasStderrDigest()) {
      named.add(Digests.read(result.getStderrDigest()));
    }
    result.getExecutionMetadata().getAuxiliaryMetadataList().stream()
        .filter(any -> any.is(Observation.class))
        .forEach(any -> named.add(trace(any)));
    return named;
  }

  private static Digest trace(Any observation) {
    try {
      return Digests.read(observation.unpack(Observation.class).getTrace());
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("what it tells of its run cannot be read");
    }
  }

  /**
   * The files in its folders. Messages that are not there add nothing; {@link #direct} has them.
   *
   * @throws Refusal when one that is there is not what it should be
   */
  static Set<Digest> inFolders(ActionResult result, TenantBlobs blobs, int mostFolders) {
    Set<Digest> named = new LinkedHashSet<>();
    for (OutputDirectory folder : result.getOutputDirectoriesList()) {
      if (folder.hasTreeDigest()) {
        inTree(Digests.read(folder.getTreeDigest()), blobs, named);
      } else if (folder.hasRootDirectoryDigest()) {
        inHierarchy(Digests.read(folder.getRootDirectoryDigest()), blobs, mostFolders, named);
      }
    }
    return named;
  }

  private static void inTree(Digest digest, TenantBlobs blobs, Set<Digest> named) {
    Optional<byte[]> bytes = blobs.read(digest);
    if (bytes.isEmpty()) {
      return;
    }
    try {
      Tree tree = Tree.parseFrom(bytes.get());
      files(digest, tree.getRoot(), named);
      tree.getChildrenList().forEach(child -> files(digest, child, named));
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("the blob %s is no Tree".formatted(digest));
    }
  }

  private static void inHierarchy(
      Digest root, TenantBlobs blobs, int mostFolders, Set<Digest> named) {
    Folders folders = new Folders(blobs, root, mostFolders);
    Optional<Directory> next = folders.next();
    while (next.isPresent()) {
      files(root, next.get(), named);
      next.get().getDirectoriesList().forEach(d -> named.add(Digests.read(d.getDigest())));
      next = folders.next();
    }
  }

  private static void files(Digest in, Directory directory, Set<Digest> named) {
    Folders.check(in, directory);
    for (FileNode file : directory.getFilesList()) {
      named.add(Digests.read(file.getDigest()));
    }
  }

  /**
   * Checks where a result would have its client write.
   *
   * @throws Refusal for any path that is not below the working directory
   */
  @SuppressWarnings("deprecation") // results for clients before 2.1 have links in those fields
  static void checkPaths(ActionResult result) {
    Stream.of(
            result.getOutputFilesList().stream().map(OutputFile::getPath),
            result.getOutputSymlinksList().stream().map(OutputSymlink::getPath),
            result.getOutputFileSymlinksList().stream().map(OutputSymlink::getPath),
            result.getOutputDirectorySymlinksList().stream().map(OutputSymlink::getPath))
        .flatMap(paths -> paths)
        .forEach(NamedBlobs::checkPath);
    result.getOutputDirectoriesList().stream()
        .map(OutputDirectory::getPath)
        .filter(path -> !path.isEmpty()) // the working directory itself
        .forEach(NamedBlobs::checkPath);
  }

  private static void checkPath(String path) {
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw Refusal.invalid(
            "not a path below the working directory: '%s'".formatted(path.replace("\0", "\\0")));
      }
    }
  }
}
