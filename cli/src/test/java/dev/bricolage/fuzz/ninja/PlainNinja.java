package dev.bricolage.fuzz.ninja;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's ninja, run plainly. */
final class PlainNinja {
  private PlainNinja() {}

  /** What it printed. */
  record Result(int status, String out, String err) {}

  /** Has a shell do something in a folder. */
  static void shell(Path folder, String script) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).inheritIO().start();
    if (shell.waitFor() != 0) {
      throw new IOException("it failed: " + script);
    }
  }

  /**
   * Runs it.
   *
   * @param streams a folder for what it prints
   */
  static Result run(Path folder, Path streams, List<String> words, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ninja"));
    command.addAll(words);
    Path out = streams.resolve("ninja.out");
    Path err = streams.resolve("ninja.err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    builder.environment().put("NINJA_STATUS", "");
    builder.environment().put("PATH", "/usr/bin:/bin");
    int status = builder.start().waitFor();
    return new Result(status, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
