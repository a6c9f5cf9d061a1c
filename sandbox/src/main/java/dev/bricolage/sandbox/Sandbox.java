package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The native helper's server, and the way to run plans in it. Safe for any number of threads. The
 * server dies with this process, however that ends, and every sandbox with it; a server that died
 * by itself is started again by the next run.
 */
public final class Sandbox implements AutoCloseable {
  private static final AtomicLong COUNT = new AtomicLong();

  private final Path helper;
  private final Path socket;
  private Process server;
  private boolean closed;

  private Sandbox(Path helper, Path socket) throws IOException {
    this.helper = helper;
    this.socket = socket;
    this.server = launch();
  }

  /**
   * Starts the server.
   *
   * @param helper the program {@code bric-helper}
   * @param socketDirectory a private directory with a short path (a socket's name holds 107 bytes);
   *     it is made if it is missing
   */
  public static Sandbox start(Path helper, Path socketDirectory) throws IOException {
    Files.createDirectories(socketDirectory);
    String name = "sandbox-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    return new Sandbox(helper, socketDirectory.resolve(name).toAbsolutePath());
  }

  /** Starts the plan's command. Its output goes to {@code console} during {@link Running#await}. */
  public Running run(Plan plan, Console console) throws IOException {
    return run(plan, console, InnerRuns.NONE);
  }

  /** The same; {@code runs} decides about the runs of the tools that {@link Plan#shims} names. */
  public Running run(Plan plan, Console console, InnerRuns runs) throws IOException {
    SocketChannel channel = connect();
    try {
      send(channel, plan.encode());
      return new Running(channel, console, runs);
    } catch (IOException e) {
      channel.close();
      throw new IOException("the sandbox helper did not take the plan: " + e.getMessage(), e);
    }
  }

  private static void send(SocketChannel channel, byte[] plan) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(Integer.BYTES + plan.length);
    message.order(ByteOrder.LITTLE_ENDIAN).putInt(plan.length).put(plan).flip();
    while (message.hasRemaining()) {
      channel.write(message);
    }
  }

  private SocketChannel connect() throws IOException {
    Process seen = requireServer();
    try {
      return open();
    } catch (ClosedByInterruptException e) {
      throw e; // this thread's own affair: the server, and whoever runs in it, goes on
    } catch (IOException e) {
      // It may have died between the look and the call.
      replace(seen);
      return open();
    }
  }

  private SocketChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private synchronized Process requireServer() throws IOException {
    if (closed) {
      throw new IOException("the sandbox is closed");
    }
    if (!server.isAlive()) {
      server = launch();
    }
    return server;
  }

  /** Starts another server, unless somebody else already has. */
  private synchronized void replace(Process dead) throws IOException {
    if (closed) {
      throw new IOException("the sandbox is closed");
    }
    if (server.pid() == dead.pid()) {
      stop();
      server = launch();
    }
  }

  private Process launch() throws IOException {
    Process process =
        new ProcessBuilder(List.of(helper.toString(), "serve", socket.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    InputStream stdout = process.getInputStream();
    String said = new String(stdout.readNBytes("ready\n".length()), US_ASCII);
    if (!said.equals("ready\n")) {
      process.destroyForcibly();
      throw new IOException(
          "the sandbox helper " + helper + " did not start; `bric doctor` tells what is missing");
    }
    return process;
  }

  private void stop() throws IOException {
    server.getOutputStream().close(); // the server's stdin: it ends, and with it every sandbox
    try {
      server.waitFor();
    } catch (InterruptedException e) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The process of the server, for tests that kill it. */
  synchronized ProcessHandle server() {
    return server.toHandle();
  }

  /** Where the server listens, for tests that speak to it themselves. */
  Path socket() {
    return socket;
  }

  /** Ends the server and kills all that still runs. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    stop();
  }
}
