package dev.bricolage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code bric run}, checked and resolved.
 *
 * @param directory where the command runs, absolute, there
 * @param argv the command, at least one word
 * @param env what {@code -e} gives the command, names without a value resolved already
 * @param clientEnv all variables of the client; which of them the command gets is not decided here
 * @param readOnly host paths to be seen by the command, absolute, there
 * @param out paths that are outputs, as they were written
 * @param in paths that are inputs although git ignores them, as they were written
 * @param writeBack whether outputs are written into the workspace
 * @param fresh whether to run although the result is known
 * @param realPath whether the command sees the workspace under its own path
 * @param timeout the most it may run
 * @param json where the run's record is written, absolute
 * @param quiet whether the summary line is left out
 */
public record RunOptions(
    Path directory,
    List<String> argv,
    Map<String, String> env,
    Map<String, String> clientEnv,
    List<Path> readOnly,
    List<String> out,
    List<String> in,
    boolean writeBack,
    boolean fresh,
    boolean realPath,
    Optional<Duration> timeout,
    Optional<Path> json,
    boolean quiet) {
  public RunOptions {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("no command");
    }
    argv = List.copyOf(argv);
    env = Map.copyOf(env);
    readOnly = List.copyOf(readOnly);
    out = List.copyOf(out);
    in = List.copyOf(in);
  }
}
