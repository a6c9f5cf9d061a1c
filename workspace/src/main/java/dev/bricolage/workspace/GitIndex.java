package dev.bricolage.workspace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.util.FS;

/**
 * The paths a git worktree tracks, read from its index.
 *
 * @param files relative to the worktree; submodules are left out, they have an index of their own
 * @param folders every folder that holds a tracked file
 */
record GitIndex(Set<String> files, Set<String> folders) {
  static final GitIndex NONE = new GitIndex(Set.of(), Set.of());

  /**
   * The folder git keeps this worktree's index in: {@code .git}, or where the file of that name
   * points.
   */
  static Path folder(Path worktree) throws IOException {
    Path dotGit = worktree.resolve(".git");
    if (Files.isDirectory(dotGit)) {
      return dotGit;
    }
    String pointer = Files.readString(dotGit, StandardCharsets.UTF_8).strip();
    if (!pointer.startsWith("gitdir:")) {
      throw new UserError(dotGit + " is neither a folder nor a pointer to one (gitdir: ...)");
    }
    return worktree.resolve(pointer.substring("gitdir:".length()).strip()).normalize();
  }

  /** Where all worktrees of a repository share what is not the index. */
  static Path common(Path gitFolder) throws IOException {
    Path pointer = gitFolder.resolve("commondir");
    return Files.exists(pointer)
        ? gitFolder.resolve(Files.readString(pointer, StandardCharsets.UTF_8).strip()).normalize()
        : gitFolder;
  }

  static GitIndex read(Path indexFile) throws IOException {
    if (!Files.exists(indexFile)) {
      return NONE;
    }
    DirCache cache;
    try {
      cache = DirCache.read(indexFile.toFile(), FS.DETECTED);
    } catch (IOException e) {
      throw new UserError(
          indexFile
              + " cannot be read ("
              + e.getMessage()
              + "): if git itself can, run 'git update-index --no-split-index'");
    }
    Set<String> files = new HashSet<>();
    Set<String> folders = new HashSet<>();
    for (int i = 0; i < cache.getEntryCount(); i++) {
      if (!FileMode.GITLINK.equals(cache.getEntry(i).getFileMode())) {
        addWithFolders(cache.getEntry(i).getPathString(), files, folders);
      }
    }
    return new GitIndex(files, folders);
  }

  private static void addWithFolders(String path, Set<String> files, Set<String> folders) {
    files.add(path);
    int slash = path.lastIndexOf('/');
    while (slash >= 0 && folders.add(path.substring(0, slash))) {
      slash = path.lastIndexOf('/', slash - 1);
    }
  }

  boolean tracks(String path) {
    return files.contains(path) || folders.contains(path);
  }
}
