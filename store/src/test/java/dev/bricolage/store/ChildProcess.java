package dev.bricolage.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Another Java process with this one's class path. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  ChildProcess(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(a -> a.startsWith("--"))
            .toList());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
    this.out = process.inputReader();
  }

  /** Waits for its next line. */
  String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the child process has ended");
    }
    return line;
  }

  /** Ends it as {@code kill -9} does; gives the lines it had still written. */
  List<String> kill() throws IOException, InterruptedException {
    process.toHandle().destroyForcibly(); // Process's own would close its output
    process.waitFor();
    return out.readAllLines();
  }

  /** Waits until it ends by itself. */
  int await() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
