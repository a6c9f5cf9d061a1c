package dev.bricolage.execute;

import dev.bricolage.sandbox.Plan;
import java.util.Locale;
import java.util.Optional;

/**
 * Which of a run's programs note their lookups themselves instead of being stopped at each. What is
 * learned of a run is the same either way.
 */
public enum Recorder {
  /** None. */
  OFF,
  /** Those that are large enough to gain by it. */
  ON,
  /** About half of the processes, to test that it makes no difference. */
  HALF,
  /** All that can. */
  ALL;

  /** The one of this name, in small letters. */
  public static Optional<Recorder> named(String name) {
    for (Recorder recorder : values()) {
      if (recorder.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(recorder);
      }
    }
    return Optional.empty();
  }

  Plan.Recorder forPlan() {
    return switch (this) {
      case OFF -> Plan.Recorder.OFF;
      case ON -> Plan.Recorder.ON;
      case HALF -> Plan.Recorder.HALF;
      case ALL -> Plan.Recorder.ALL;
    };
  }
}
