package dev.bricolage.fronts.ninja.build;

import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.text.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * How an edge came out.
 *
 * @param edge its number
 * @param status exit status of its command
 * @param how whether it ran
 * @param output what it wrote, both streams in the order they had
 * @param dependencies what its depfile or output names, if the log is to know
 * @param startMillis since the build began
 * @param endMillis since the build began
 * @param why why memory did not answer, if it did not
 * @param reasons what {@code -d explain} says of it, if that was given
 * @param notes what a person should know of how its outputs came home
 */
record Ended(
    int edge,
    int status,
    How how,
    Bytes output,
    List<String> dependencies,
    int startMillis,
    int endMillis,
    Optional<Runs.Why> why,
    List<String> reasons,
    List<String> notes) {

  /** One of which there is nothing to explain. */
  Ended(
      int edge,
      int status,
      How how,
      Bytes output,
      List<String> dependencies,
      int startMillis,
      int endMillis) {
    this(
        edge,
        status,
        how,
        output,
        dependencies,
        startMillis,
        endMillis,
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** What had to be done. */
  enum How {
    /** Nothing: its outputs are as they should be. */
    UP_TO_DATE,
    /** Its outputs were brought from memory. */
    REMEMBERED,
    /** It ran. */
    RAN
  }

  boolean failed() {
    return status != 0;
  }
}
