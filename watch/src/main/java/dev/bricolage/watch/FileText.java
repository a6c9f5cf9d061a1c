package dev.bricolage.watch;

import dev.bricolage.action.TreePath;
import java.util.Optional;

/**
 * What a file holds, as text in UTF-8; bytes that are none are U+FFFD. Empty when there is no file.
 * The answer is the text itself, so this is meant for sources and not for what is large.
 */
public record FileText(TreePath path) implements FolderKey<Optional<String>> {
  private static final String PRESENT = "text:";

  /**
   * The text of the file at this path, such as {@code src/a.c}.
   *
   * @throws IllegalArgumentException when the path could lead out of the folder
   */
  public static FileText of(String path) {
    return new FileText(new TreePath(path));
  }

  @Override
  public Optional<String> parse(String answer) {
    if (answer.equals(ABSENT)) {
      return Optional.empty();
    }
    if (!answer.startsWith(PRESENT)) {
      throw noValue(answer);
    }
    return Optional.of(answer.substring(PRESENT.length()));
  }

  @Override
  public String answer(Optional<String> text) {
    return text.map(PRESENT::concat).orElse(ABSENT);
  }
}
