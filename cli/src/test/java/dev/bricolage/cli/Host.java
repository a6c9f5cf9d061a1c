package dev.bricolage.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** A daemon in the test's own JVM, on the socket of a {@link Bric}'s BRIC_HOME. */
final class Host implements AutoCloseable {
  private final Daemon daemon;
  private final Thread thread;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  Host(Bric bric, FakeWork.Run run) throws IOException {
    this(bric, bric.buildId(), run);
  }

  Host(Bric bric, String build, FakeWork.Run run) throws IOException {
    Files.createDirectories(bric.home());
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(bric.home().resolve("daemon.sock")));
    PrintStream printer = new PrintStream(log, true, StandardCharsets.UTF_8);
    Commands commands =
        new Commands(new FakeWork(run), build, bric.home().resolve("daemon.log"), printer);
    this.daemon = new Daemon(bric.home(), listener, DaemonLock.none(), build, commands, printer);
    this.thread = Thread.ofPlatform().start(this::serve);
  }

  private void serve() {
    try {
      daemon.serve(Duration.ofMinutes(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  /** Whether the daemon ended: drained, and all requests done. */
  boolean ended(Duration within) throws InterruptedException {
    return thread.join(within);
  }

  @Override
  public void close() {
    daemon.drain();
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        throw new AssertionError("a request outlived its test: " + log());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
