package dev.bricolage.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended, and what it asked.
 *
 * @param sightings in the order of first asking, each kind and path once
 * @param notes what the sandbox has to tell, such as {@code refused: 32-bit program PATH} and
 *     {@code network: ADDRESS:PORT}
 * @param unobserved why the sightings may be incomplete; such a run must not be remembered
 */
public record Ended(
    Exit exit,
    Usage usage,
    List<Sighting> sightings,
    List<String> notes,
    Optional<String> unobserved) {
  public Ended {
    sightings = List.copyOf(sightings);
    notes = List.copyOf(notes);
  }

  /** The three ways out. */
  public sealed interface Exit {}

  /** The command called exit. 126 and 127 may also mean that it could not be started. */
  public record Exited(int code) implements Exit {}

  /** A signal ended the command; 9 is also the memory limit's, and {@link Running#kill}'s. */
  public record Killed(int signal) implements Exit {}

  /** The sandbox could not be built, so nothing ran. The message names the step and a way out. */
  public record Refused(String message) implements Exit {}

  /**
   * What the run took, all its processes together, those left behind at its end included.
   *
   * @param maxResidentBytes of the largest single process
   * @param notifications system calls that waited for the supervisor
   * @param recorded system calls that the recorder noted in the program itself
   */
  public record Usage(
      Duration user,
      Duration system,
      Duration wall,
      long maxResidentBytes,
      long notifications,
      long recorded) {
    static final Usage NONE = new Usage(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, 0);
  }
}
