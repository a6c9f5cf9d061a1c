package dev.bricolage.testkit;

import java.util.List;

/**
 * One command of a page and what it must do.
 *
 * @param line where the command stands in the page, from 1
 * @param command what the shell is given; more than one line when continuation lines follow it
 * @param output the expected lines, as {@link Expectation} reads them
 * @param status the expected exit status
 */
public record Step(int line, String command, List<String> output, int status) {
  /** Copies. */
  public Step {
    output = List.copyOf(output);
  }
}
