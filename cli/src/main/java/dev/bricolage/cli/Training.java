package dev.bricolage.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A daemon's short life on an empty store, run by the build: what classes the JVM loads and links
 * meanwhile goes into the AOT cache that every daemon starts from.
 */
final class Training {
  private static final List<List<String>> REQUESTS =
      List.of(
          List.of("--version"),
          List.of("help"),
          List.of("help", "exit-status"),
          List.of("run", "--frsh", "make"),
          List.of("run", "-C", "/nowhere", "--", "make"),
          List.of("log"),
          List.of("why"),
          List.of("store", "stat"));

  /** Asked often enough that the JVM keeps what it learnt of the hot path: a remembered run. */
  private static final int REPEATED = 300;

  /** Builds that run, with tools that are remembered. */
  private static final int BUILDS = 60;

  private static final List<String> PROGRAMS = List.of("p0", "p1", "p2", "p3", "p4", "p5");

  private Training() {}

  /** The build-id is the only argument. */
  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory("bric-training");
    PrintStream log = System.err;
    Path socket = home.resolve("daemon.sock");
    Path workspace = workspace(home.resolve("workspace"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Work work = Wiring.open(home, log::println)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Commands commands = new Commands(work, args[0], home.resolve("daemon.log"), log);
      Daemon daemon = new Daemon(home, listener, DaemonLock.none(), args[0], commands, log);
      Thread client = Thread.ofPlatform().start(() -> ask(socket, args[0], workspace, daemon));
      daemon.serve(Duration.ofMinutes(1));
      client.join();
    } finally {
      delete(home);
    }
  }

  /** A small checkout with all that a snapshot can meet. */
  private static Path workspace(Path root) throws IOException {
    Files.createDirectories(root.resolve(".git"));
    Files.createDirectories(root.resolve("src"));
    Files.writeString(root.resolve(".gitignore"), "*.log\nout/\n");
    Files.writeString(root.resolve("src/a.txt"), "a");
    Files.createSymbolicLink(root.resolve("link"), Path.of("src/a.txt"));
    Files.writeString(root.resolve("src/words.h"), "#include <stdio.h>\n#include <stdlib.h>\n");
    for (String program : PROGRAMS) {
      String text = "#include \"words.h\"\nint main(void) { return puts(\"" + program + "\"); }\n";
      Files.writeString(root.resolve("src/" + program + ".c"), text);
    }
    return root;
  }

  private static void ask(Path socket, String build, Path workspace, Daemon daemon) {
    try {
      for (List<String> words : REQUESTS) {
        ask(socket, build, words);
      }
      String script =
          "cat src/a.txt link > made; ls -R; ls missing; mkdir -p d; echo x > d/y; true";
      List<String> run = List.of("run", "-C", workspace.toString(), "--", "sh", "-c", script);
      for (int i = 0; i < REPEATED; i++) {
        ask(socket, build, run);
      }
      for (int i = 0; i < BUILDS; i++) {
        ask(socket, build, build(workspace, i));
      }
      Files.writeString(workspace.resolve("src/a.txt"), "b");
      ask(socket, build, run);
      ask(socket, build, List.of("why"));
      ask(socket, build, List.of("log"));
    } catch (IOException e) {
      System.err.println("training stopped: " + e);
    } finally {
      daemon.drain();
    }
  }

  /** A build that nobody asked for before, of programs that were compiled before. */
  private static List<String> build(Path workspace, int number) {
    String script =
        ": %d; mkdir -p out; for p in %s; do cc -Isrc -c src/$p.c -o out/$p.o; done"
            .formatted(number, String.join(" ", PROGRAMS));
    return List.of("run", "-C", workspace.toString(), "--", "sh", "-c", script);
  }

  private static void ask(Path socket, String build, List<String> words) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      byte[] hello = new Hello(Hello.PROTOCOL, 0, build).encode();
      channel.write(Frame.encode(Frame.HELLO, hello));
      channel.write(Frame.encode(Frame.REQUEST, request(words)));
      Optional<Frame> answer = Frame.read(channel);
      while (answer.isPresent() && answer.get().type() != Frame.EXIT) {
        answer = Frame.read(channel);
      }
    }
  }

  private static byte[] request(List<String> words) {
    ByteBuffer payload = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    payload.putInt(0).putInt(022).put((byte) 0).putShort((short) 0).putShort((short) 0);
    string(payload, "/");
    payload.putInt(words.size());
    words.forEach(word -> string(payload, word));
    payload.putInt(1);
    string(payload, "PATH=/usr/bin:/bin");
    byte[] bytes = new byte[payload.flip().remaining()];
    payload.get(bytes);
    return bytes;
  }

  private static void string(ByteBuffer payload, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    payload.putInt(bytes.length).put(bytes);
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
