package dev.bricolage.cli;

import dev.bricolage.action.event.Listener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;

/**
 * One request while it is carried out: where its output goes, where it was asked, and how it is
 * told to stop. Work is done on one thread, the session's; signals arrive on another.
 *
 * <p>A signal is given to the handler that {@link #onSignal} has set. Without one, and for {@link
 * #KILL}, the session's thread is interrupted, and so it is when the client goes away.
 */
public final class Session {
  public static final int INTERRUPT = 2;
  public static final int KILL = 9;

  private final Request request;
  private final OutputStream stdout;
  private final OutputStream stderr;
  private final Orders orders;
  private final BlockingQueue<Acted> acted = new LinkedBlockingQueue<>();
  private volatile Terminal terminal;
  private volatile Colour colour = Colour.AUTO;
  private volatile Listener listener = Listener.NOBODY;
  private volatile List<String> remote = List.of();

  private Optional<Thread> thread = Optional.empty();
  private IntConsumer handler;
  private int lastSignal;
  private boolean cancelled;
  private boolean ended;

  /** How the client is told to do something. */
  @FunctionalInterface
  interface Orders {
    void send(ByteBuffer frame) throws IOException;
  }

  /** A session whose client only listens. */
  public Session(Request request, OutputStream stdout, OutputStream stderr) {
    this(
        request,
        stdout,
        stderr,
        frame -> {
          throw new IOException("this client runs nothing");
        });
  }

  /** A session that writes where it is told; its work starts with {@link #begin}. */
  Session(Request request, OutputStream stdout, OutputStream stderr, Orders orders) {
    this.request = request;
    this.orders = orders;
    this.stdout = new Overheard(stdout, false, this::listener);
    this.stderr = new Overheard(stderr, true, this::listener);
    this.terminal = request.terminal();
    this.handler = this::interrupt;
  }

  /** The client's current folder, absolute. */
  public Path directory() {
    return Path.of(request.directory());
  }

  /** The client's variables, those that are UTF-8. */
  public Map<String, String> environment() {
    return request.environment();
  }

  /** Who hears what happens while the request is carried out. */
  public Listener listener() {
    return listener;
  }

  /** From now on this one hears what happens, and what is printed. */
  void follow(Listener chosen) {
    listener = chosen;
  }

  /** What the command line says of a shared cache, each {@code --name=value}. */
  public List<String> remote() {
    return remote;
  }

  /** The command line says this of a shared cache. */
  void remote(List<String> words) {
    remote = List.copyOf(words);
  }

  /** What was asked. */
  public Request request() {
    return request;
  }

  /** The client's terminal as it is now; its size changes while a request runs. */
  public Terminal terminal() {
    return terminal;
  }

  /** Descriptor 1 of the client, unbuffered; fails with an IOException when the client is gone. */
  public OutputStream stdout() {
    return stdout;
  }

  /** Descriptor 2 of the client, unbuffered; fails with an IOException when the client is gone. */
  public OutputStream stderr() {
    return stderr;
  }

  /**
   * Writes text to the client's stdout.
   *
   * @throws UncheckedIOException when the client is gone
   */
  public void print(String text) {
    write(stdout, text);
  }

  /** Buffered text to the client's stdout; to be flushed or closed by who asks for it. */
  public PrintWriter printer() {
    return new PrintWriter(stdout, false, StandardCharsets.UTF_8);
  }

  /**
   * Tells the user something on stderr: {@code bric: MESSAGE}.
   *
   * @throws UncheckedIOException when the client is gone
   */
  public void tell(String message) {
    write(stderr, "bric: " + message + "\n");
  }

  /**
   * Has the client run a program as its own child, with its own descriptors, variables and rights.
   * One at a time; what was written before appears before what that writes.
   *
   * @param folder where, absolute
   * @param words the program's path, and its arguments
   * @throws IOException when the client is gone
   */
  Acted act(Path folder, List<String> words) throws IOException, InterruptedException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    string(payload, folder.toString());
    u32(payload, words.size());
    words.forEach(word -> string(payload, word));
    orders.send(Frame.encode(Frame.ACT, payload.toByteArray()));
    return acted.take();
  }

  /** From the connection: what the client ran has ended. */
  void acted(Acted how) {
    acted.add(how);
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u32(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void u32(ByteArrayOutputStream out, int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  /**
   * Whether stdout is to be coloured: by --color, else if it is a terminal and NO_COLOR is unset.
   */
  public boolean colourStdout() {
    return colour.applies(terminal.stdout(), environment());
  }

  /** Whether stderr is to be coloured. */
  public boolean colourStderr() {
    return colour.applies(terminal.stderr(), environment());
  }

  void colour(Colour chosen) {
    colour = chosen;
  }

  /**
   * Sets who is told of signals from the client (2 SIGINT, 15 SIGTERM, 1 SIGHUP, 3 SIGQUIT) instead
   * of the interruption of this session's thread. A signal that came earlier is told at once.
   */
  public void onSignal(IntConsumer newHandler) {
    int earlier;
    synchronized (this) {
      handler = newHandler;
      earlier = lastSignal;
    }
    if (earlier != 0) {
      newHandler.accept(earlier);
    }
  }

  /** The last signal from the client, or 0. */
  public synchronized int lastSignal() {
    return lastSignal;
  }

  /** From the connection: the client was sent a signal. */
  void signal(int number) {
    IntConsumer receiver;
    synchronized (this) {
      if (number != KILL) {
        lastSignal = number;
      }
      receiver = handler;
    }
    if (number == KILL) {
      interrupt(number);
    } else {
      receiver.accept(number);
    }
  }

  /** From the connection: the client is gone, so nobody waits for the result. */
  void hangUp() {
    interrupt(KILL);
  }

  /** From the connection: the client's terminal has another size. */
  void resize(int columns, int rows) {
    terminal = terminal.resized(columns, rows);
  }

  /**
   * From now on the calling thread is the session's; a cancellation that came before is told it.
   */
  synchronized void begin() {
    thread = Optional.of(Thread.currentThread());
    if (cancelled) {
      Thread.currentThread().interrupt();
    }
  }

  /** After this the session's thread is not interrupted any more. */
  synchronized void end() {
    ended = true;
    // An interruption that came too late to stop anything must not reach what the thread does next.
    Thread.interrupted();
  }

  private synchronized void interrupt(int number) {
    cancelled = true;
    if (!ended) {
      thread.ifPresent(Thread::interrupt);
    }
  }

  private static void write(OutputStream stream, String text) {
    try {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
