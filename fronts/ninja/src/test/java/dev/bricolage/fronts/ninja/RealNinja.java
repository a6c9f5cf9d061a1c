package dev.bricolage.fronts.ninja;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's ninja, run in a folder of its own: the judge of what ours says. */
public final class RealNinja {
  /**
   * What one run gave.
   *
   * @param status its exit status
   * @param out what it printed
   * @param err what it complained of
   */
  public record Result(int status, String out, String err) {}

  private final Path folder;
  private final Path streams;

  /** Runs in {@code folder}, and keeps what it prints beside it. */
  public RealNinja(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve("work"));
    this.streams = folder;
  }

  /** Where it runs. */
  public Path folder() {
    return folder;
  }

  /** Writes a file there. */
  public void write(String name, String text) throws IOException {
    write(name, text.getBytes(UTF_8));
  }

  /** Writes a file there. */
  public void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** Runs it with these words. */
  public Result run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ninja"));
    command.addAll(List.of(words));
    Path out = streams.resolve("out");
    Path err = streams.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().remove("NINJA_STATUS");
    int status = builder.start().waitFor();
    return new Result(status, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
