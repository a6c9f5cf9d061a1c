package dev.bricolage.remote.client;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of an action: REAPI's {@code ActionResult}. Paths are relative to the action's working
 * directory.
 *
 * @param exitCode the command's own
 * @param folders each with the digest of a {@link RemoteTree}
 * @param inlined blobs that came with the result, or are to go with it: of files, stdout, stderr
 * @param worker who ran it, as the server says; often nothing
 * @param whole what a server like ours tells a house like ours besides
 */
public record RemoteResult(
    int exitCode,
    List<OutputFile> files,
    List<OutputLink> links,
    List<OutputFolder> folders,
    Digest stdout,
    Digest stderr,
    Map<Digest, byte[]> inlined,
    Optional<String> worker,
    Optional<Whole> whole) {

  /** A result as any server tells it. */
  public RemoteResult(
      int exitCode,
      List<OutputFile> files,
      List<OutputLink> links,
      List<OutputFolder> folders,
      Digest stdout,
      Digest stderr,
      Map<Digest, byte[]> inlined,
      Optional<String> worker) {
    this(exitCode, files, links, folders, stdout, stderr, inlined, worker, Optional.empty());
  }

  /**
   * All that a run of ours gave and looked at.
   *
   * @param outcome in the whole tree of its inputs
   * @param trace the blob that is its trace; its answers are empty where it is forgotten
   * @param forgotten why it is not to be remembered
   */
  public record Whole(Outcome outcome, Digest trace, Optional<String> forgotten) {}

  /** A file. */
  public record OutputFile(TreePath path, Digest digest, boolean executable) {}

  /** A symbolic link and the text it holds. */
  public record OutputLink(TreePath path, String target) {}

  /** A folder with all that is below it. */
  public record OutputFolder(TreePath path, Digest tree) {}

  /** Copies. */
  public RemoteResult {
    files = List.copyOf(files);
    links = List.copyOf(links);
    folders = List.copyOf(folders);
    inlined = Collections.unmodifiableMap(new LinkedHashMap<>(inlined));
  }

  /** Every blob that it names, those within its folders not counted; the empty one is none. */
  public Set<Digest> blobs() {
    Set<Digest> blobs = new LinkedHashSet<>();
    files.forEach(file -> blobs.add(file.digest()));
    folders.forEach(folder -> blobs.add(folder.tree()));
    blobs.add(stdout);
    blobs.add(stderr);
    blobs.remove(Digest.EMPTY);
    return blobs;
  }
}
