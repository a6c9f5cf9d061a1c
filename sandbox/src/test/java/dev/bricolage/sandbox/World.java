package dev.bricolage.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A sandbox server and a workspace for tests. Files made by {@link #file} are the overlay's lower
 * layer, seen at {@code /build}; {@link #upper} is where a run's writes end up. The host's {@code
 * /usr} and {@code /etc} are there too, and {@code data}, a directory outside the overlay, is
 * mounted read-only at {@code /data}.
 */
final class World implements AutoCloseable {
  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <arpa/inet.h>
      #include <dirent.h>
      #include <errno.h>
      #include <fcntl.h>
      #include <grp.h>
      #include <linux/openat2.h>
      #include <pthread.h>
      #include <sched.h>
      #include <signal.h>
      #include <spawn.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/mman.h>
      #include <sys/mount.h>
      #include <sys/ptrace.h>
      #include <sys/sendfile.h>
      #include <sys/socket.h>
      #include <sys/stat.h>
      #include <sys/syscall.h>
      #include <sys/un.h>
      #include <sys/auxv.h>
      #include <sys/personality.h>
      #include <sys/resource.h>
      #include <sys/wait.h>
      #include <sys/xattr.h>
      #include <time.h>
      #include <unistd.h>
      extern char **environ;
      /* For tests: says what failed and stops. */
      #define MUST(call) \\
        do { if ((long)(call) < 0) { printf("%s: %s\\n", #call, strerror(errno)); return 1; } } while (0)
      /* Says how a call that should be refused was refused. */
      #define SAY(call) \\
        do { errno = 0; long r = (long)(call); printf("%s\\n", r < 0 ? strerrorname_np(errno) : "done"); } while (0)
      """;

  final Path directory;
  final Path lower;
  final Path data;
  final Sandbox sandbox;
  private final User user;
  private int runs;
  Path upper;
  Plan.Recorder recorder = Plan.Recorder.ALL;

  World(User user) throws IOException {
    assumeTrue(user.isPossible(), "only root can become another user");
    this.user = user;
    directory = open(Files.createTempDirectory("bric-world"));
    lower = open(Files.createDirectory(directory.resolve("lower")));
    data = open(Files.createDirectory(directory.resolve("data")));
    upper = directory;
    Path sockets = Files.createDirectory(directory.resolve("s"));
    user.own(sockets);
    Path helper = HelperProgram.unpack(open(Files.createDirectory(directory.resolve("helper"))));
    sandbox = Sandbox.start(user.helper(helper, directory), sockets);
  }

  private static Path open(Path path) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Makes a file of the workspace; a name that ends in {@code .sh} can be run. */
  Path file(String name, String content) throws IOException {
    Path path = lower.resolve(name);
    directories(path);
    Files.writeString(path, content);
    if (name.endsWith(".sh")) {
      open(path);
    }
    user.own(path);
    return path;
  }

  private void directories(Path path) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path above = path.getParent(); above != null && !Files.exists(above); ) {
      missing.addFirst(above);
      above = above.getParent();
    }
    for (Path directory : missing) {
      Files.createDirectory(directory);
      user.own(directory);
    }
  }

  void link(String name, String target) throws IOException {
    Path path = lower.resolve(name);
    directories(path);
    Files.createSymbolicLink(path, Path.of(target));
  }

  /** Compiles the body of a C {@code main} to the workspace's program {@code name}. */
  void program(String name, String body, String... flags) throws IOException {
    source(
        name,
        "int main(int argc, char **argv) {\n(void)argc, (void)argv;\n" + body + "\n}\n",
        flags);
  }

  /** Compiles a C program that has its own main. */
  void source(String name, String text, String... flags) throws IOException {
    Path source = directory.resolve(name.replace('/', '_') + ".c");
    Files.writeString(source, HEADERS + text);
    Path target = lower.resolve(name);
    directories(target);
    List<String> command =
        new ArrayList<>(List.of("cc", "-w", "-pthread", "-o", target.toString()));
    command.addAll(List.of(flags));
    command.add(source.toString());
    Process cc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, exit(cc), said);
  }

  private static int exit(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Writes a file of a running sandbox as the daemon would, which is the helper's user. */
  void write(Path path, String content) throws IOException {
    Process writer =
        new ProcessBuilder(user.command(List.of("sh", "-c", "cat >\"$1\"", "sh", path.toString())))
            .redirectErrorStream(true)
            .start();
    try (var stdin = writer.getOutputStream()) {
      stdin.write(content.getBytes(StandardCharsets.UTF_8));
    }
    assertEquals("", new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, exit(writer));
  }

  /** The plan that {@link #run} uses; each plan has an upper layer of its own. */
  Plan.Builder plan(String... argv) throws IOException {
    Path run = Files.createDirectory(directory.resolve("run" + runs++));
    upper = Files.createDirectory(run.resolve("upper"));
    Path work = Files.createDirectory(run.resolve("work"));
    user.own(lower);
    user.own(upper);
    user.own(work);
    Plan.Builder plan =
        Plan.command(List.of(argv))
            .mount(new MountOp.BindReadOnly("/usr", "/usr"))
            .mount(new MountOp.BindReadOnly("/etc", "/etc"));
    for (String name : List.of("bin", "lib", "lib64", "sbin")) {
      if (Files.isSymbolicLink(Path.of("/" + name))) {
        plan.mount(new MountOp.Symlink("usr/" + name, "/" + name));
      } else if (Files.exists(Path.of("/" + name))) {
        plan.mount(new MountOp.BindReadOnly("/" + name, "/" + name));
      }
    }
    for (String name : List.of("null", "zero", "full", "random", "urandom")) {
      plan.mount(new MountOp.BindWritable("/dev/" + name, "/dev/" + name));
    }
    return plan.mount(new MountOp.Symlink("/proc/self/fd", "/dev/fd"))
        .mount(new MountOp.Symlink("/proc/self/fd/0", "/dev/stdin"))
        .mount(new MountOp.Symlink("/proc/self/fd/1", "/dev/stdout"))
        .mount(new MountOp.Symlink("/proc/self/fd/2", "/dev/stderr"))
        .mount(new MountOp.Proc("/proc"))
        .mount(new MountOp.Tmpfs("/tmp", 01777))
        .mount(new MountOp.BindReadOnly(data.toString(), "/data"))
        .mount(new MountOp.Overlay(lower.toString(), upper.toString(), work.toString(), "/build"))
        .recorder(recorder)
        .env("PATH", "/usr/bin:/bin")
        .watch("/build", "/data", "/usr", "/etc", "/bin", "/lib", "/lib64", "/sbin")
        .cwd("/build");
  }

  Result run(String... argv) throws IOException, InterruptedException {
    return run(plan -> plan, argv);
  }

  Result run(UnaryOperator<Plan.Builder> change, String... argv)
      throws IOException, InterruptedException {
    Captured captured = new Captured();
    Ended ended = sandbox.run(change.apply(plan(argv)).build(), captured).await();
    return new Result(ended, captured);
  }

  /** Runs the script with {@code bash -c}; the tools' runs are inner ones. */
  Result tools(InnerRuns runs, List<String> tools, String script)
      throws IOException, InterruptedException {
    return tools(plan -> plan, runs, tools, script);
  }

  Result tools(
      UnaryOperator<Plan.Builder> change, InnerRuns runs, List<String> tools, String script)
      throws IOException, InterruptedException {
    Captured captured = new Captured();
    Plan plan = change.apply(plan("bash", "-c", script)).shims(tools).build();
    return new Result(sandbox.run(plan, captured, runs).await(), captured);
  }

  /** Runs the script with {@code sh -c}. */
  Result sh(String script) throws IOException, InterruptedException {
    return run("sh", "-c", script);
  }

  @Override
  public void close() throws IOException {
    sandbox.close();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path path, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
