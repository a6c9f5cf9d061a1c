package dev.bricolage.fronts.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code bric run}, as it was asked for.
 *
 * @param directory where the command runs, absolute
 * @param arguments the command
 * @param chosen variables given with {@code -e}
 * @param users the user's own environment
 * @param readOnly host paths the command may see, absolute
 * @param in paths that are inputs whatever git, {@code .bricignore} and earlier runs say
 * @param out paths that are never inputs
 * @param writeBack whether the outcome is brought into the workspace
 * @param fresh whether to run even if the result is known
 * @param realPath whether the workspace appears at its own path instead of {@code /build}
 */
public record RunRequest(
    Path directory,
    List<String> arguments,
    Map<String, String> chosen,
    Map<String, String> users,
    List<Path> readOnly,
    List<String> in,
    List<String> out,
    boolean writeBack,
    boolean fresh,
    boolean realPath,
    Optional<Duration> timeout) {}
