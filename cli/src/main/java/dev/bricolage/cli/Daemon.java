package dev.bricolage.cli;

import dev.bricolage.store.StoreException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The process behind every {@code bric} command: one per user and BRIC_HOME, started by the client
 * when there is none, gone when nothing was asked for a while.
 *
 * <p>Its end has three reasons, all of which let the running requests finish: it was idle; a client
 * asked it to drain ({@code bric shutdown}, or a client of another build); SIGTERM. The order of
 * giving up is what keeps clients from racing: the socket's name, then the socket, then the lock.
 */
public final class Daemon {
  /** Overridden by BRIC_IDLE, in seconds. */
  private static final Duration IDLE = Duration.ofHours(3);

  /** Before accepting again when that failed, so that a full table of descriptors does not spin. */
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(20);

  private final Path home;
  private final ServerSocketChannel listener;
  private final DaemonLock lock;
  private final Hello hello;
  private final Commands commands;
  private final PrintStream log;
  private final Requests requests = new Requests();
  private final AtomicBoolean drained = new AtomicBoolean();

  Daemon(
      Path home,
      ServerSocketChannel listener,
      DaemonLock lock,
      String build,
      Commands commands,
      PrintStream log) {
    this.home = home;
    this.listener = listener;
    this.lock = lock;
    this.hello = new Hello(Hello.PROTOCOL, (int) ProcessHandle.current().pid(), build);
    this.commands = commands;
    this.log = log;
  }

  /**
   * Started by {@code libexec/daemon} with the build-id as the only argument, the listening socket
   * as descriptor 0, the log as 1 and 2, the lock as 3, and BRIC_HOME set.
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(System.getenv("BRIC_HOME"));
    // System.inheritedChannel() points descriptors 0 to 2 at /dev/null, so the log is opened anew.
    PrintStream log =
        new PrintStream(
            new FileOutputStream(home.resolve("daemon.log").toFile(), true),
            true,
            StandardCharsets.UTF_8);
    System.setOut(log);
    System.setErr(log);
    try {
      if (!(System.inheritedChannel() instanceof ServerSocketChannel listener)) {
        log.println("descriptor 0 is not a listening socket: only the client starts a daemon");
        System.exit(ExitStatus.USAGE.code());
        return;
      }
      live(home, listener, args[0], log);
    } catch (IOException | StoreException e) {
      // The client shows what follows "unmet" and asks for no report.
      e.printStackTrace(log);
      String complaint = Complaint.of(e).replace('\n', ' ');
      log.println("unmet " + ExitStatus.IO.code() + ": " + complaint);
      System.exit(ExitStatus.IO.code());
    } catch (Throwable e) {
      e.printStackTrace(log);
      System.exit(ExitStatus.INTERNAL.code());
    }
    System.exit(ExitStatus.OK.code());
  }

  private static void live(Path home, ServerSocketChannel listener, String build, PrintStream log)
      throws Exception {
    Thread.ofPlatform().daemon().name("warm-up").start(Commands::warmUp);
    try (Work work = Wiring.open(home, message -> note(log, message))) {
      Commands commands = new Commands(work, build, home.resolve("daemon.log"), log);
      Daemon daemon = new Daemon(home, listener, DaemonLock.inherited(), build, commands, log);
      daemon.log("started, build " + build);
      CountDownLatch over = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> daemon.drainAndAwait(over)));
      daemon.serve(idleLimit());
      over.countDown();
      daemon.log("ended");
    }
  }

  private static Duration idleLimit() {
    String seconds = System.getenv("BRIC_IDLE");
    return seconds == null ? IDLE : Duration.ofSeconds(Long.parseLong(seconds));
  }

  /** Accepts until idle for so long, or drained; returns when the last request has ended. */
  void serve(Duration idle) throws InterruptedException {
    Thread.ofVirtual().name("accept").start(this::accept);
    requests.awaitIdle(idle);
    drain();
    requests.awaitNone();
  }

  private void accept() {
    while (true) {
      try {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().name("connection").start(new Connection(channel, this));
      } catch (ClosedChannelException drained) {
        return;
      } catch (IOException e) {
        // Out of descriptors, most likely; those waiting are served when some are free again.
        log("cannot accept: " + e);
        LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
      }
    }
  }

  /**
   * Takes no new requests and leaves socket and lock to a successor; those that run go on.
   *
   * @return how many still run
   */
  int drain() {
    int running = requests.close();
    if (drained.compareAndSet(false, true)) {
      log("draining, " + running + " running");
      leave();
    }
    return running;
  }

  private synchronized void leave() {
    try {
      if (lock.guards(home.resolve("daemon.lock"))) {
        Files.deleteIfExists(home.resolve("daemon.sock"));
        Files.deleteIfExists(home.resolve("daemon.pid"));
      }
      listener.close();
    } catch (IOException e) {
      log("leaving the socket: " + e);
    }
    lock.release();
  }

  /** On SIGTERM, in the JVM's shutdown: holds it up until the requests have ended. */
  private void drainAndAwait(CountDownLatch over) {
    drain();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Hello hello() {
    return hello;
  }

  Requests requests() {
    return requests;
  }

  Commands commands() {
    return commands;
  }

  void log(String message) {
    note(log, message);
  }

  private static void note(PrintStream log, String message) {
    log.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + message);
  }
}
