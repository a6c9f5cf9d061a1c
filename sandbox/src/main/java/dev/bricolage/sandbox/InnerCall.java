package dev.bricolage.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One inner run on this side of the wire: what arrived of it so far, and the thread that decides
 * about it. The frame reader's thread puts things in; the inner run's own thread takes them out.
 */
final class InnerCall implements Runnable {
  private final int number;
  private final InnerRuns runs;
  private final Wire wire;
  private final CompletableFuture<InnerEnded> end = new CompletableFuture<>();
  private final CompletableFuture<InnerRequest.Input> input = new CompletableFuture<>();
  private final CompletableFuture<InnerRequest> request = new CompletableFuture<>();
  private final List<Output> output = new ArrayList<>();
  final List<Sighting> sightings = new ArrayList<>();
  final List<String> changed = new ArrayList<>();
  boolean illegible;
  private final Thread thread;
  private boolean deciding = true;

  /** Sends whole messages, from any thread. */
  interface Wire {
    void send(ByteBuffer message) throws IOException;

    /** What must not happen has: ends the whole run, loudly. */
    void broken(Throwable cause);
  }

  InnerCall(int number, InnerRuns runs, Wire wire) {
    this.number = number;
    this.runs = runs;
    this.wire = wire;
    this.thread = Thread.ofVirtual().name("inner run " + number).unstarted(this);
  }

  int number() {
    return number;
  }

  void start(InnerRequest asked) {
    request.complete(asked);
    thread.start();
  }

  void output(boolean toStderr, byte[] bytes) {
    output.add(new Output(toStderr, bytes));
  }

  void input(InnerRequest.Input read) {
    input.complete(read);
  }

  void ended(
      Ended.Exit exit,
      Ended.Usage usage,
      Set<Integer> used,
      boolean leftBehind,
      boolean torn,
      OptionalInt killed,
      Optional<String> unobserved) {
    end.complete(
        new InnerEnded(
            exit,
            usage,
            sightings,
            changed,
            joined(output),
            used,
            leftBehind,
            torn,
            killed,
            unobserved));
  }

  /**
   * Pieces of one stream that follow each other are one: where a pipe was drained means nothing.
   */
  private static List<Output> joined(List<Output> pieces) {
    List<Output> joined = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < pieces.size(); i++) {
      boolean toStderr = pieces.get(i).toStderr();
      bytes.writeBytes(pieces.get(i).bytes());
      if (i + 1 == pieces.size() || pieces.get(i + 1).toStderr() != toStderr) {
        joined.add(new Output(toStderr, bytes.toByteArray()));
        bytes.reset();
      }
    }
    return joined;
  }

  /** Nobody needs an answer any more. */
  synchronized void cancel() {
    if (deciding) {
      thread.interrupt();
    }
  }

  InnerRequest.Input input(long most) throws IOException, InterruptedException {
    send(message('i', Long.BYTES).putLong(most));
    try {
      return input.get();
    } catch (ExecutionException e) {
      throw new IOException("the standard input of inner run " + number + " is lost", e);
    }
  }

  @Override
  public void run() {
    try {
      InnerRequest asked = request.join();
      switch (decide(asked)) {
        case InnerRuns.Hit hit -> send(encode(hit));
        case InnerRuns.Run run -> {
          send(encode(run));
          finish(asked);
        }
      }
    } catch (IOException e) {
      return; // the run as a whole has ended: its end tells why
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // cancelled
    } catch (RuntimeException | Error e) {
      wire.broken(e);
    }
  }

  private InnerRuns.Decision decide(InnerRequest asked) throws InterruptedException {
    try {
      return runs.asked(asked);
    } catch (IOException e) {
      return new InnerRuns.Run();
    }
  }

  private void finish(InnerRequest asked) throws IOException, InterruptedException {
    try {
      runs.ended(asked, end.get());
    } catch (ExecutionException e) {
      throw new IOException("the end of inner run " + number + " is lost", e);
    } finally {
      send(message('d', 0));
    }
  }

  /** An interruption while a channel is written to would close it, and with it the whole run. */
  private void send(ByteBuffer message) throws IOException {
    boolean interrupted;
    synchronized (this) {
      deciding = false;
      interrupted = Thread.interrupted();
    }
    try {
      wire.send(message.flip());
    } finally {
      synchronized (this) {
        deciding = true;
      }
      if (interrupted) {
        thread.interrupt();
      }
    }
  }

  private ByteBuffer message(char kind, int payload) {
    return ByteBuffer.allocate(1 + Integer.BYTES + payload)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) kind)
        .putInt(number);
  }

  private ByteBuffer encode(InnerRuns.Run run) {
    Collection<Integer> harmless = run.harmless();
    ByteBuffer message = message('r', Integer.BYTES * (1 + harmless.size()));
    message.putInt(harmless.size());
    harmless.forEach(message::putInt);
    return message;
  }

  private ByteBuffer encode(InnerRuns.Hit hit) {
    int length = hit.output().stream().mapToInt(piece -> 5 + piece.bytes().length).sum();
    ByteBuffer message = message('h', 2 * Integer.BYTES + length);
    message.putInt(hit.exitCode()).putInt(length);
    for (Output piece : hit.output()) {
      byte[] bytes = piece.bytes();
      message.put((byte) (piece.toStderr() ? 1 : 0)).putInt(bytes.length).put(bytes);
    }
    return message;
  }
}
