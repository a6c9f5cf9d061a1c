package dev.bricolage.acceptance;

import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's Bazel on a workspace, with an output base of its own and so a server of its own, which
 * stays between builds until this is closed. Of the caller nothing is read, no rc file and no
 * {@code JAVA_HOME}, which would be too new for it.
 */
final class Bazel {
  private final Path workspace;
  private final Path base;

  /** Over {@code workspace}, all of its own below {@code base}. */
  Bazel(Path workspace, Path base) {
    this.workspace = workspace;
    this.base = base;
  }

  /** How a command ended: with 0 when it built all, and what it wrote. */
  record Ended(int status, String said) {}

  /** A command that is under way; it tells on standard error. */
  Process start(String command, String... words) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "bazel",
                "--noworkspace_rc",
                "--nohome_rc",
                "--max_idle_secs=60",
                "--host_jvm_args=-Xmx1g",
                "--output_user_root=" + base,
                "--output_base=" + base.resolve("base"),
                command));
    if (!command.equals("shutdown")) {
      all.addAll(
          List.of(
              "--symlink_prefix=/", // two output bases would fight for them
              "--color=no",
              "--curses=no",
              "--noshow_progress",
              "--nosandbox_debug",
              // Only --collect_code_coverage uses it, but it is loaded for every test, from
              // outside.
              "--override_repository=remote_coverage_tools="
                  + workspace.resolve("no-coverage-tools")));
    }
    all.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(all).directory(workspace.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", base.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.start();
  }

  /** Runs a command to its end. */
  Ended run(String command, String... words) throws Exception {
    Bric.Outcome outcome = Bric.outcome(start(command, words));
    return new Ended(outcome.status(), outcome.stdout() + outcome.stderr());
  }

  /** Where the file that a rule makes is, if it was brought here. */
  Path made(String path) throws IOException {
    Path outputs = base.resolve("base/execroot/trial/bazel-out");
    try (Stream<Path> configurations = Files.list(outputs)) {
      Path configuration =
          configurations
              .filter(folder -> folder.toString().endsWith("-fastbuild"))
              .findFirst()
              .orElseThrow();
      return configuration.resolve("bin").resolve(path);
    }
  }

  /** Ends the server. */
  void end() throws Exception {
    run("shutdown");
  }
}
