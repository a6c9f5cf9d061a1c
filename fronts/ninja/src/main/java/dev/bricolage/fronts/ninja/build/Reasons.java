package dev.bricolage.fronts.ninja.build;

import dev.bricolage.execute.Runs;
import dev.bricolage.memo.Recall;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code -d explain} says of an edge: in ninja's words where the reason is ninja's. */
final class Reasons {
  private static final int SHOWN = 20;

  private Reasons() {}

  /**
   * Why it had something to do.
   *
   * @param folder the build folder
   * @param output its first output
   * @param missing an output that was not there
   * @param isOlder whether nothing was wrong but its time
   * @param why why memory did not answer, if it did not
   */
  static List<String> of(
      Path folder,
      String output,
      Optional<String> missing,
      boolean isOlder,
      Optional<Runs.Why> why) {
    if (missing.isPresent() && !(why.isPresent() && why.get() instanceof Runs.Why.Differs)) {
      return List.of("output " + missing.get() + " doesn't exist");
    }
    if (isOlder) {
      return List.of("output " + output + " older than most recent input");
    }
    if (why.isEmpty()) {
      return List.of("output " + output + " is not what is remembered");
    }
    return switch (why.get()) {
      case Runs.Why.FirstTime() -> List.of("no command like that of " + output + " is remembered");
      case Runs.Why.Fresh() -> List.of("--fresh was given");
      case Runs.Why.Lost(var blob) -> List.of("what was remembered of " + output + " is lost");
      case Runs.Why.Differs(List<Recall.Difference> differences) ->
          differences.stream()
              .limit(SHOWN)
              .map(difference -> Path.of(difference.question().subject()))
              .map(path -> path.startsWith(folder) ? folder.relativize(path) : path)
              .map(path -> path + " is not what " + output + " was made from")
              .distinct()
              .toList();
    };
  }
}
