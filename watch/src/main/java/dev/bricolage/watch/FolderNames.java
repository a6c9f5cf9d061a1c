package dev.bricolage.watch;

import dev.bricolage.action.TreePath;
import java.util.List;
import java.util.Optional;

/**
 * The names of all that is in a folder, in the order of their UTF-8 bytes; empty when there is no
 * folder. Names that UTF-8 does not have are left out, for no key could ask for what they name.
 */
public record FolderNames(TreePath path) implements FolderKey<Optional<List<String>>> {
  /** No name has a slash, so it can stand between them. */
  private static final String PRESENT = "names:";

  /**
   * The names in the folder at this path; the empty path is the root.
   *
   * @throws IllegalArgumentException when the path could lead out of the root
   */
  public static FolderNames of(String path) {
    return new FolderNames(new TreePath(path));
  }

  @Override
  public Optional<List<String>> parse(String answer) {
    if (answer.equals(ABSENT)) {
      return Optional.empty();
    }
    if (!answer.startsWith(PRESENT)) {
      throw noValue(answer);
    }
    String names = answer.substring(PRESENT.length());
    return Optional.of(names.isEmpty() ? List.of() : List.of(names.split("/", -1)));
  }

  @Override
  public String answer(Optional<List<String>> names) {
    return names.map(all -> PRESENT + String.join("/", all)).orElse(ABSENT);
  }
}
