package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.text.Bytes;
import java.util.List;

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
 */
record Ended(
    int edge,
    int status,
    How how,
    Bytes output,
    List<String> dependencies,
    int startMillis,
    int endMillis) {

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
