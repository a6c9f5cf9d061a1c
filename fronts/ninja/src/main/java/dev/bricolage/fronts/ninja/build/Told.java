package dev.bricolage.fronts.ninja.build;

import dev.bricolage.execute.Runs;
import java.util.List;
import java.util.Optional;

/**
 * What became of an edge that had something to do, for the history.
 *
 * @param outputs as the manifest spells them
 * @param ran whether its command ran; else its outputs were brought from memory
 * @param status of its command
 * @param why why it ran, if it ran and was one that can be remembered
 */
public record Told(
    List<String> outputs,
    String command,
    boolean ran,
    int status,
    int millis,
    Optional<Runs.Why> why) {
  /** Copies the list. */
  public Told {
    outputs = List.copyOf(outputs);
  }
}
