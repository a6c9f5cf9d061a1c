package dev.bricolage.workspace;

import dev.bricolage.action.TreePath;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A checkout: the folder that appears in the sandbox as a whole.
 *
 * @param root real absolute path
 * @param git whether git says what belongs to it
 * @param id what the store knows it by: the folder itself, whatever it is called, so that a moved
 *     checkout keeps its products and one that was made anew at the same path has none
 */
public record Workspace(Path root, boolean git, String id) {
  /** The file whose folder is a workspace, with or without git. */
  public static final String MARKER = "bric.toml";

  /**
   * The workspace that holds {@code directory}: the nearest folder above with a {@code bric.toml}
   * or a {@code .git}, else the directory itself.
   *
   * @param home the user's home folder, which is never taken whole by accident
   * @throws UserError when the directory is not there, or too much would be taken
   */
  public static Workspace holding(Path directory, Optional<Path> home) throws IOException {
    if (!Stat.following(directory).isDirectory()) {
      throw new UserError(directory + ": no such directory");
    }
    Path real = directory.toRealPath();
    for (Path folder = real; folder != null; folder = folder.getParent()) {
      boolean git = Stat.of(folder.resolve(".git")).exists();
      boolean marked = Stat.of(folder.resolve(MARKER)).exists();
      if (git || marked) {
        return checked(of(folder, git), marked || git, home);
      }
    }
    return checked(of(real, false), false, home);
  }

  /**
   * The workspace that holds {@code directory}, or the folder above it that holds these places,
   * too.
   *
   * @throws UserError as {@link #holding}
   */
  public static Workspace spanning(Path directory, Iterable<Path> places, Optional<Path> home)
      throws IOException {
    Workspace nearest = holding(directory, home);
    Path root = nearest.root();
    for (Path place : places) {
      while (!place.startsWith(root)) {
        root = Objects.requireNonNull(root.getParent());
      }
    }
    if (root.equals(nearest.root())) {
      return nearest;
    }
    boolean git = Stat.of(root.resolve(".git")).exists();
    boolean marked = Stat.of(root.resolve(MARKER)).exists();
    return checked(of(root, git), git || marked, home);
  }

  private static Workspace of(Path root, boolean git) throws IOException {
    return new Workspace(root, git, HostFiles.identity(root));
  }

  private static Workspace checked(Workspace workspace, boolean chosen, Optional<Path> home)
      throws UserError {
    Path root = workspace.root();
    boolean tooMuch =
        root.getParent() == null || (!chosen && home.filter(root::equals).isPresent());
    if (tooMuch) {
      throw new UserError(
          root
              + " would be taken into the sandbox as a whole: run in the project's folder, name it"
              + " with -C, or mark its root with an empty bric.toml");
    }
    return workspace;
  }

  /** The place of an absolute path that is the root or lies below it. */
  public Optional<TreePath> locate(Path absolute) {
    if (!absolute.startsWith(root)) {
      return Optional.empty();
    }
    return Optional.of(new TreePath(root.relativize(absolute).toString()));
  }

  /** Where a place is on disk. */
  public Path resolve(TreePath path) {
    return root.resolve(path.value());
  }
}
