package dev.bricolage.remote.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Between a client and a server: it hangs up once so many bytes have passed. */
final class Proxy implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicLong passed = new AtomicLong();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
  private final ServerSocket socket;
  private final int to;

  Proxy(int to) throws IOException {
    this.to = to;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Hangs up once, when so many bytes more have passed, either way. */
  void cutAfter(long bytes) {
    left.set(bytes);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> pass(client, server));
        Thread.ofVirtual().start(() -> pass(server, client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void pass(Socket from, Socket into) {
    try (from;
        into) {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      byte[] buffer = new byte[16384];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        passed.addAndGet(read);
        if (left.addAndGet(-read) < 0) {
          left.set(Long.MAX_VALUE);
          return;
        }
      }
    } catch (IOException e) {
      return; // the other side hung up
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
