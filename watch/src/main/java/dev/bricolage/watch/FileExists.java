package dev.bricolage.watch;

import dev.bricolage.action.TreePath;

/** Whether there is a file; a folder or a link is none. */
public record FileExists(TreePath path) implements FolderKey<Boolean> {
  private static final String PRESENT = "file";

  /**
   * Whether there is a file at this path, such as {@code src/a.c}.
   *
   * @throws IllegalArgumentException when the path could lead out of the folder
   */
  public static FileExists of(String path) {
    return new FileExists(new TreePath(path));
  }

  @Override
  public Boolean parse(String answer) {
    return switch (answer) {
      case PRESENT -> true;
      case ABSENT -> false;
      default -> throw noValue(answer);
    };
  }

  @Override
  public String answer(Boolean exists) {
    return exists ? PRESENT : ABSENT;
  }
}
