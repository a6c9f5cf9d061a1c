package dev.bricolage.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * One client: the handshake, then one request. The thread that runs this reads what the client
 * sends to the end; the request has a thread of its own, so that signals reach it.
 */
final class Connection implements Runnable {
  private final SocketChannel channel;
  private final Daemon daemon;

  Connection(SocketChannel channel, Daemon daemon) {
    this.channel = channel;
    this.daemon = daemon;
  }

  @Override
  public void run() {
    try {
      if (!Peer.isOurUser(channel)) {
        daemon.log("refused a connection from another user");
        channel.close();
        return;
      }
      greet();
    } catch (IOException | BufferUnderflowException e) {
      daemon.log("connection ended: " + e);
      closeQuietly();
    }
  }

  private void greet() throws IOException {
    Optional<Frame> first = Frame.read(channel);
    if (first.isEmpty() || first.get().type() != Frame.HELLO) {
      channel.close();
      return;
    }
    Hello ours = daemon.hello();
    boolean same = ours.matches(Hello.decode(first.get().payload()));
    Outbox outbox = new Outbox(channel);
    outbox.send(Frame.encode(Frame.HELLO, ours.encode()));
    if (!serve(same, outbox)) {
      outbox.finish();
    }
  }

  /**
   * A client of another build may say DRAIN and nothing else.
   *
   * @return whether a request was started, which then finishes the outbox
   */
  private boolean serve(boolean same, Outbox outbox) throws IOException {
    for (Optional<Frame> next = read(); next.isPresent(); next = read()) {
      Frame frame = next.get();
      if (frame.type() == Frame.DRAIN) {
        outbox.send(Frame.encode(Frame.DRAINED, u32(daemon.drain())));
        return false;
      }
      if (frame.type() == Frame.REQUEST && same) {
        Optional<Session> session = session(frame, outbox);
        if (session.isEmpty()) {
          return false;
        }
        if (!daemon.requests().begin()) { // draining: the client looks for our successor
          outbox.send(Frame.encode(Frame.DRAINED, u32(0)));
          return false;
        }
        converse(session.get(), outbox);
        return true;
      }
    }
    return false;
  }

  /** What is asked; empty, and told to the client, when it cannot be understood. */
  private Optional<Session> session(Frame frame, Outbox outbox) throws IOException {
    try {
      Request request = Request.decode(frame.payload());
      return Optional.of(
          new Session(
              request, outbox.stream(Frame.STDOUT), outbox.stream(Frame.STDERR), outbox::send));
    } catch (Failure e) {
      outbox.stream(Frame.STDERR).write(("bric: " + e.getMessage() + "\n").getBytes(UTF_8));
      outbox.send(exit(e.status().code()));
      return Optional.empty();
    }
  }

  /** Starts the request and passes on what the client sends meanwhile. */
  private void converse(Session session, Outbox outbox) {
    Thread.ofVirtual().name("request").start(() -> carryOut(session, outbox));
    try {
      for (Optional<Frame> next = read(); next.isPresent(); next = read()) {
        pass(next.get(), session);
      }
    } catch (BufferUnderflowException cutShort) {
      daemon.log("a client sent a frame that is too short");
    } finally {
      session.hangUp();
    }
  }

  private static void pass(Frame frame, Session session) {
    ByteBuffer payload = frame.payload();
    switch (frame.type()) {
      case Frame.SIGNAL -> session.signal(payload.get());
      case Frame.ACTED ->
          session.acted(
              new Acted(Byte.toUnsignedInt(payload.get()), Byte.toUnsignedInt(payload.get())));
      case Frame.WINDOW ->
          session.resize(
              Short.toUnsignedInt(payload.getShort()), Short.toUnsignedInt(payload.getShort()));
      default -> {} // of a later protocol
    }
  }

  private void carryOut(Session session, Outbox outbox) {
    int status = ExitStatus.INTERNAL.code();
    try {
      session.begin();
      status = daemon.commands().execute(session);
    } catch (UncheckedIOException gone) {
      daemon.log("a client went away before its request ended");
    } finally {
      session.end();
      finish(status, outbox);
    }
  }

  private void finish(int status, Outbox outbox) {
    daemon.requests().answer();
    try {
      outbox.send(exit(status));
    } catch (IOException gone) {
      daemon.log("a client went away before it was told its exit status");
    }
    outbox.finish();
    daemon.requests().end();
  }

  private static ByteBuffer exit(int status) {
    return Frame.encode(Frame.EXIT, new byte[] {(byte) status});
  }

  /** The next frame; a connection that breaks is as good as one that ends. */
  private Optional<Frame> read() {
    try {
      return Frame.read(channel);
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  private void closeQuietly() {
    try {
      channel.close();
    } catch (IOException e) {
      daemon.log("closing a connection: " + e);
    }
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
