package dev.bricolage.watch;

import dev.bricolage.action.TreePath;
import dev.bricolage.memo.ViewKey;

/**
 * A question about one path of a {@link Folder}. No link is followed, neither at the path nor on
 * the way to it: what is behind a link is not there.
 *
 * @param <V> the type of its value
 */
public sealed interface FolderKey<V> extends ViewKey<V> permits FileText, FileExists, FolderNames {
  /** The answer where nothing of the kind that was asked for is. */
  String ABSENT = "absent";

  /** How an answer begins that is the reason why there is none; who asks fails with it. */
  String CANNOT = "cannot: ";

  /** What is asked of. */
  TreePath path();

  /** Why an answer has no value: it says why there is none, or is no answer to this. */
  default IllegalArgumentException noValue(String answer) {
    return new IllegalArgumentException(
        answer.startsWith(CANNOT)
            ? path() + " cannot be looked at: " + answer.substring(CANNOT.length())
            : "no answer to " + this + ": '" + answer + "'");
  }
}
