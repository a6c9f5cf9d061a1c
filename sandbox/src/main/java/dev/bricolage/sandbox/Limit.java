package dev.bricolage.sandbox;

import java.util.OptionalLong;

/**
 * A limit as {@code setrlimit(2)} takes it, for each process of the sandbox. An empty bound is
 * unlimited; the hard bound cannot exceed the daemon's own.
 */
public record Limit(Resource resource, OptionalLong soft, OptionalLong hard) {
  /** What is limited, with its unit. */
  public enum Resource {
    CPU_SECONDS(0),
    FILE_BYTES(1),
    DATA_BYTES(2),
    STACK_BYTES(3),
    CORE_BYTES(4),
    PROCESSES(6),
    OPEN_FILES(7),
    ADDRESS_SPACE_BYTES(9);

    private final int number;

    Resource(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** The same soft and hard bound. */
  public static Limit of(Resource resource, long bound) {
    return new Limit(resource, OptionalLong.of(bound), OptionalLong.of(bound));
  }
}
