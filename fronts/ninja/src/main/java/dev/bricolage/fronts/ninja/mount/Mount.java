package dev.bricolage.fronts.ninja.mount;

import dev.bricolage.execute.Machine;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where commands see the workspace.
 *
 * @param root where the checkout lies: its real path
 * @param shared whether they see it at the same path in every checkout; the checkout's own is then
 *     a link that leads there
 */
public record Mount(String root, boolean shared) {
  /** The path in every checkout; that of {@code bric run}, too. */
  private static final String SHARED = "/build";

  /** The checkout's own path. */
  public static Mount own(Path root) {
    return new Mount(root.toString(), false);
  }

  /** The shared path, where {@link #hindrance} names none. */
  public static Mount shared(Path root) {
    return new Mount(root.toString(), true);
  }

  /** Why a checkout cannot be seen at the shared path, if it cannot. */
  public static Optional<String> hindrance(Path root) {
    return root.startsWith(SHARED) && !root.equals(Path.of(SHARED))
        ? Optional.of(SHARED + " is where it would appear")
        : Machine.cannotHoldWorkspace(root.toString());
  }

  /** Where it appears. */
  public String at() {
    return shared ? SHARED : root;
  }

  /** The checkout's own path, where that is a link. */
  public Optional<String> alias() {
    return root.equals(at()) ? Optional.empty() : Optional.of(root);
  }

  /** A command, or what else is written for commands, as it is in the sandbox. */
  public String inside(String command) {
    return alias().isPresent() ? new PathPrefix(root, at()).inCommand(command) : command;
  }

  /** A path of the sandbox as it is in the checkout. */
  public String home(String path) {
    boolean below = path.startsWith(at()) && (path.length() == at().length() || isSlash(path));
    return below ? root + path.substring(at().length()) : path;
  }

  private boolean isSlash(String path) {
    return path.charAt(at().length()) == '/';
  }

  /** What a command has said, for those who look at the checkout. */
  public byte[] told(byte[] text) {
    return alias().isPresent() ? new PathPrefix(at(), root).inText(text) : text;
  }

  /** A depfile, which has blanks and a few signs escaped as make wants it. */
  public byte[] depfile(byte[] text) {
    String escaped = root.replace("$", "$$").replace("#", "\\#").replace(" ", "\\ ");
    return alias().isPresent() ? new PathPrefix(at(), escaped).inText(text) : text;
  }
}
