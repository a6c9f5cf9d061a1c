package dev.bricolage.sandbox;

import java.util.OptionalLong;

/**
 * A limit as {@code setrlimit(2)} takes it, for each process of the sandbox. An empty bound is
 * unlimited; the hard bound cannot exceed the daemon's own.
 */
public record Limit(Resource resource, OptionalLong soft, OptionalLong hard) {
  /** What is limited, with its unit, in the order of the kernel's numbers, from 0 on. */
  public enum Resource {
    CPU_SECONDS(0),
    FILE_BYTES(1),
    DATA_BYTES(2),
    STACK_BYTES(3),
    CORE_BYTES(4),
    RESIDENT_BYTES(5),
    PROCESSES(6),
    OPEN_FILES(7),
    LOCKED_BYTES(8),
    ADDRESS_SPACE_BYTES(9),
    LOCKS(10),
    PENDING_SIGNALS(11),
    MESSAGE_QUEUE_BYTES(12),
    NICE(13),
    REALTIME_PRIORITY(14),
    REALTIME_MICROS(15);

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
