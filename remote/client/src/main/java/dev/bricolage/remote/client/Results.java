package dev.bricolage.remote.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.remote.client.RemoteResult.OutputFile;
import dev.bricolage.remote.client.RemoteResult.OutputFolder;
import dev.bricolage.remote.client.RemoteResult.OutputLink;
import dev.bricolage.remote.client.RemoteResult.Whole;
import dev.bricolage.remote.client.blob.Digests;
import dev.bricolage.remote.protocol.Bricolage.Observation;
import dev.bricolage.remote.protocol.Reapi;
import dev.bricolage.remote.protocol.Reapi.ActionResult;
import dev.bricolage.remote.protocol.Reapi.OutputDirectory;
import dev.bricolage.remote.protocol.Reapi.OutputSymlink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Results as REAPI writes them, of every version. */
final class Results {
  /** {@code output_symlinks} came with it. */
  private static final int SYMLINKS_MINOR = 1;

  private Results() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it cannot be one, saying why
   */
  @SuppressWarnings("deprecation") // servers before 2.1
  static RemoteResult read(ActionResult result) {
    Map<Digest, byte[]> inlined = new LinkedHashMap<>();
    List<OutputFile> files = new ArrayList<>();
    for (Reapi.OutputFile file : result.getOutputFilesList()) {
      Digest digest = digest(file.getDigest());
      if (!file.getContents().isEmpty()) {
        inline(inlined, digest, file.getContents());
      }
      files.add(new OutputFile(new TreePath(file.getPath()), digest, file.getIsExecutable()));
    }
    List<OutputFolder> folders = new ArrayList<>();
    for (OutputDirectory folder : result.getOutputDirectoriesList()) {
      folders.add(new OutputFolder(new TreePath(folder.getPath()), digest(folder.getTreeDigest())));
    }
    SortedMap<TreePath, OutputLink> links = new TreeMap<>();
    links(links, result.getOutputFileSymlinksList());
    links(links, result.getOutputDirectorySymlinksList());
    links(links, result.getOutputSymlinksList());
    Digest stdout =
        output(inlined, result.getStdoutRaw(), result.hasStdoutDigest(), result.getStdoutDigest());
    Digest stderr =
        output(inlined, result.getStderrRaw(), result.hasStderrDigest(), result.getStderrDigest());
    return new RemoteResult(
        result.getExitCode(),
        files,
        List.copyOf(links.values()),
        folders,
        stdout,
        stderr,
        inlined,
        Optional.of(result.getExecutionMetadata().getWorker()).filter(name -> !name.isEmpty()),
        whole(result, stdout, stderr));
  }

  /** A house like ours sends an outcome, whose further fields are unknown ones of this message. */
  private static Optional<Whole> whole(ActionResult result, Digest stdout, Digest stderr) {
    for (Any told : result.getExecutionMetadata().getAuxiliaryMetadataList()) {
      if (told.is(Observation.class)) {
        Outcome outcome = Outcome.decode(result.toByteArray());
        return Optional.of(
            new Whole(
                new Outcome(
                    outcome.exitCode(),
                    outcome.changes(),
                    outcome.rewritten(),
                    outcome.deleted(),
                    stdout,
                    stderr,
                    outcome.console()),
                digest(observation(told).getTrace()),
                Optional.of(observation(told).getForgotten()).filter(why -> !why.isEmpty())));
      }
    }
    return Optional.empty();
  }

  private static Observation observation(Any told) {
    try {
      return told.unpack(Observation.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("what it tells of its run cannot be read", e);
    }
  }

  private static void links(SortedMap<TreePath, OutputLink> into, List<OutputSymlink> links) {
    for (OutputSymlink link : links) {
      TreePath path = new TreePath(link.getPath());
      into.put(path, new OutputLink(path, link.getTarget()));
    }
  }

  private static Digest digest(Reapi.Digest digest) {
    return Digests.read(digest)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' of %d bytes is no SHA-256"
                    .formatted(digest.getHash(), digest.getSizeBytes())));
  }

  private static Digest output(
      Map<Digest, byte[]> inlined, ByteString raw, boolean named, Reapi.Digest digest) {
    boolean empty = !named || digest.getHash().isEmpty();
    if (raw.isEmpty()) {
      return empty ? Digest.EMPTY : digest(digest);
    }
    Digest of = empty ? Digest.of(raw.toByteArray()) : digest(digest);
    inline(inlined, of, raw);
    return of;
  }

  private static void inline(Map<Digest, byte[]> into, Digest digest, ByteString bytes) {
    byte[] copy = bytes.toByteArray();
    if (!Digest.of(copy).equals(digest)) {
      throw new IllegalArgumentException(
          "the bytes that come with it as " + digest + " are not its");
    }
    into.put(digest, copy);
  }

  /** Writes one for a server of version 2.{@code minor}. */
  @SuppressWarnings("deprecation") // servers before 2.1
  static ActionResult write(RemoteResult result, int minor) {
    ActionResult.Builder message = ActionResult.newBuilder().setExitCode(result.exitCode());
    for (OutputFile file : result.files()) {
      Reapi.OutputFile.Builder output =
          message
              .addOutputFilesBuilder()
              .setPath(file.path().value())
              .setDigest(Digests.write(file.digest()))
              .setIsExecutable(file.executable());
      inlined(result, file.digest()).ifPresent(output::setContents);
    }
    for (OutputLink link : result.links()) {
      OutputSymlink symlink =
          OutputSymlink.newBuilder().setPath(link.path().value()).setTarget(link.target()).build();
      if (minor < SYMLINKS_MINOR) {
        message.addOutputFileSymlinks(symlink);
      } else {
        message.addOutputSymlinks(symlink);
      }
    }
    for (OutputFolder folder : result.folders()) {
      message
          .addOutputDirectoriesBuilder()
          .setPath(folder.path().value())
          .setTreeDigest(Digests.write(folder.tree()));
    }
    inlined(result, result.stdout())
        .ifPresentOrElse(
            message::setStdoutRaw, () -> message.setStdoutDigest(Digests.write(result.stdout())));
    inlined(result, result.stderr())
        .ifPresentOrElse(
            message::setStderrRaw, () -> message.setStderrDigest(Digests.write(result.stderr())));
    result.worker().ifPresent(message.getExecutionMetadataBuilder()::setWorker);
    return message.build();
  }

  /** The empty blob is always said with no bytes and no digest. */
  private static Optional<ByteString> inlined(RemoteResult result, Digest digest) {
    if (digest.equals(Digest.EMPTY)) {
      return Optional.of(ByteString.EMPTY);
    }
    return Optional.ofNullable(result.inlined().get(digest)).map(UnsafeByteOperations::unsafeWrap);
  }
}
