package dev.bricolage.fuzz;

import dev.bricolage.sandbox.HelperProgram;
import dev.bricolage.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** What all worlds of one test share: a folder, the sandbox, and {@code ops} compiled twice. */
public final class Workshop implements AutoCloseable {
  static final List<String> TOOLS = List.of("ops", "ops-dynamic");

  private final Path folder;
  private final Sandbox sandbox;
  private final AtomicInteger worlds = new AtomicInteger();

  private Workshop(Path folder, Sandbox sandbox) {
    this.folder = folder;
    this.sandbox = sandbox;
  }

  /** Opens one. */
  public static Workshop open() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("bric-fuzz").toRealPath();
    Path source = folder.resolve("ops.c");
    try (InputStream in = Workshop.class.getResourceAsStream("ops.c")) {
      Files.copy(Objects.requireNonNull(in, "ops.c is no resource"), source);
    }
    compile(source, folder.resolve(TOOLS.get(0)), "-static");
    compile(source, folder.resolve(TOOLS.get(1)), "-O1");
    return new Workshop(folder, Sandbox.start(HelperProgram.unpack(folder), folder));
  }

  private static void compile(Path source, Path program, String how)
      throws IOException, InterruptedException {
    Process cc =
        new ProcessBuilder(
                "cc",
                "-std=gnu17",
                "-w",
                how,
                "-o",
                program.toString(),
                source.toString(),
                "-pthread")
            .redirectErrorStream(true)
            .start();
    String said =
        new String(cc.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (cc.waitFor() != 0) {
      throw new IOException("cc cannot compile " + source + ": " + said);
    }
  }

  /** The sandbox. */
  public Sandbox sandbox() {
    return sandbox;
  }

  Path tool(String name) {
    return folder.resolve(name);
  }

  /** A folder for one more world, whose name is as long as any other's. */
  public Path newFolder() throws IOException {
    return Files.createDirectory(folder.resolve("w%06d".formatted(worlds.incrementAndGet())));
  }

  @Override
  public void close() throws IOException {
    sandbox.close();
    World.remove(folder);
  }
}
