package dev.bricolage.sandbox;

import java.util.Optional;

/** The host's processes. */
final class ProcessTable {
  private ProcessTable() {}

  /** How many processes were started as {@code name argument}. */
  static long count(String name, String argument) {
    return ProcessHandle.allProcesses()
        .map(p -> p.info().commandLine().orElse(""))
        .filter(line -> line.endsWith(name + " " + argument))
        .count();
  }

  static Optional<ProcessHandle> find(String name, String argument) {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").endsWith(name + " " + argument))
        .findFirst();
  }
}
