package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.LeadingNumber;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.function.Consumer;

/** The ninja that we stand in for, and {@code ninja_required_version}. */
public final class RequiredVersion {
  /** What {@code --version} says and manifests ask for. */
  public static final String OURS = "1.11.1";

  private RequiredVersion() {}

  static void check(String required, Consumer<String> warning) throws NinjaError {
    int major = part(OURS, 0);
    int wantedMajor = part(required, 0);
    if (major > wantedMajor) {
      warning.accept(
          "ninja executable version ("
              + OURS
              + ") greater than build file ninja_required_version ("
              + required
              + "); versions may be incompatible.");
    }
    boolean olderMinor = part(OURS, 1) < part(required, 1);
    if (major < wantedMajor || (major == wantedMajor && olderMinor)) {
      throw NinjaError.fatal(
          "ninja version ("
              + OURS
              + ") incompatible with build file ninja_required_version version ("
              + required
              + ").");
    }
  }

  /** The number before the first point, or between it and the second; what is no number is 0. */
  public static int part(String version, int index) {
    String[] parts = version.split("[.]", -1);
    return index < parts.length ? LeadingNumber.of(parts[index]) : 0;
  }
}
