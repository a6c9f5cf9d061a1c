package dev.bricolage.fronts.ninja;

import dev.bricolage.workspace.Download;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the user asks of ninja.
 *
 * @param directory where ninja runs, {@code -C} applied
 * @param words the command line
 * @param users the user's environment
 * @param width of the terminal, empty where standard output is none
 * @param colours whether escape sequences may be written
 * @param download which outputs come into the workspace
 */
public record NinjaRequest(
    Path directory,
    NinjaWords words,
    Map<String, String> users,
    OptionalInt width,
    boolean colours,
    Download download) {

  /** All outputs come home. */
  public NinjaRequest(
      Path directory,
      NinjaWords words,
      Map<String, String> users,
      OptionalInt width,
      boolean colours) {
    this(directory, words, users, width, colours, Download.ALL);
  }

  /** The same, with other outputs coming home. */
  public NinjaRequest downloading(Download which) {
    return new NinjaRequest(directory, words, users, width, colours, which);
  }
}
