package dev.bricolage.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One {@code sh} that is given command after command, so that folders and variables stay as the
 * command before left them. Both of its streams are read as one, as on a terminal; standard input
 * is empty.
 */
final class Shell implements AutoCloseable {
  /** Ends a command's output: a byte that no text holds, then the status, then a newline. */
  private static final char MARK = '\u0001';

  private static final int SECONDS = 300;

  private final Process process;
  private final OutputStream input;
  private final InputStream output;
  private final Path scripts;
  private int commands;

  private Shell(Process process, Path scripts) {
    this.process = process;
    this.input = process.getOutputStream();
    this.output = new BufferedInputStream(process.getInputStream());
    this.scripts = scripts;
  }

  /** What a command wrote, and its exit status. */
  record Said(List<String> lines, int status) {}

  static Shell start(Stage stage) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh").redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(stage.environment());
    builder.directory(stage.home().toFile());
    return new Shell(builder.start(), Files.createDirectories(stage.root().resolve("session")));
  }

  /**
   * Runs one command, which may be several lines.
   *
   * @throws AssertionError when it ends the shell or does not end itself
   */
  Said run(String command) throws IOException, InterruptedException {
    Path script = scripts.resolve("command-" + ++commands);
    Files.writeString(script, command + "\n");
    String line = "{ . '%s'; } < /dev/null; printf '\\001%%d\\n' $?%n".formatted(script);
    input.write(line.getBytes(StandardCharsets.UTF_8));
    input.flush();
    Thread watch = killWhenLate();
    try {
      String text = until(MARK, command);
      int status = Integer.parseInt(until('\n', command));
      return new Said(text.lines().toList(), status);
    } finally {
      watch.interrupt();
      watch.join();
    }
  }

  private Thread killWhenLate() {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            TimeUnit.SECONDS.sleep(SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
          } catch (InterruptedException inTime) {
            // As it should be.
          }
        });
  }

  private String until(char end, String command) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = output.read(); next != end; next = output.read()) {
      if (next < 0) {
        throw new AssertionError(
            "the shell ended, or was ended after %d s, in: %s%n%s"
                .formatted(SECONDS, command, bytes.toString(StandardCharsets.UTF_8)));
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    input.close();
    process.destroy();
  }
}
