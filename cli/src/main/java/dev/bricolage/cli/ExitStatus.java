package dev.bricolage.cli;

/**
 * The exit statuses of {@code bric} itself, from BSD's sysexits.h where that has one. The command
 * run by {@code bric run} passes its own status through. The native client uses the same numbers.
 */
public enum ExitStatus {
  OK(0, "it worked"),
  USAGE(64, "the command line is wrong: unknown flag or command, missing argument"),
  NO_INPUT(66, "something named on the command line is not there"),
  INTERNAL(70, "a fault of Bricolage; the message says where the log is and how to report it"),
  UNSUITED(71, "this system lacks something that is needed; see `bric doctor`"),
  CANNOT_CREATE(73, "an output or BRIC_HOME cannot be created"),
  IO(74, "reading or writing failed, for example because the disk is full"),
  TIMEOUT(124, "the command ran longer than --timeout");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number, 0 to 255. */
  public int code() {
    return code;
  }

  /** One line for the help page. */
  public String meaning() {
    return meaning;
  }

  /** The status of something ended by a signal, as shells count it. */
  public static int ofSignal(int signal) {
    return 128 + signal;
  }
}
