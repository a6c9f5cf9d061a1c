package dev.bricolage.remote.workers;

import dev.bricolage.action.Action;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.Replay;
import dev.bricolage.execute.Toolset;
import dev.bricolage.remote.client.Remote;
import dev.bricolage.remote.client.RemoteAction;
import dev.bricolage.remote.client.RemoteExecution;
import dev.bricolage.remote.client.RemoteResult;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs actions on a server's workers. What they make stays there until somebody reads it. All
 * methods may be used by any number of threads.
 */
public final class RemoteExecutor implements Executor {
  /** A server may lose blobs while it is given others. */
  private static final int TRIES = 3;

  /** The exit code of what took too long, as coreutils' {@code timeout} has it. */
  private static final int TIMED_OUT = 124;

  private final Remote workers;
  private final Blobs blobs;
  private final Wishes wishes;
  private final Inputs inputs;
  private final Dialect whole;
  private final Dialect plain;

  /**
   * What is asked of the workers.
   *
   * @param name how the server is called before people
   * @param properties the platform, for servers that are not like ours
   * @param priority lower is sooner; 0 is the server's own choice
   */
  public record Wishes(String name, SortedMap<String, String> properties, int priority) {
    /** Copies. */
    public Wishes {
      properties = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }
  }

  /**
   * An executor.
   *
   * @param workers who runs
   * @param cache whose blobs the workers see: the same server, or the one it belongs to
   * @param blobs the store, with that cache's blobs behind it
   */
  public RemoteExecutor(Remote workers, Remote cache, Blobs blobs, Wishes wishes) {
    this.workers = workers;
    this.blobs = blobs;
    this.wishes = wishes;
    this.inputs = new Inputs(cache.blobs(), blobs);
    this.whole = new WholeWork(cache.blobs());
    this.plain = new PlainWork(cache.blobs(), wishes.properties());
  }

  /**
   * {@inheritDoc}
   *
   * @throws RemoteFailure when it could not be run there
   */
  @Override
  public Execution execute(Action action, Toolset tools, Console console, Control control)
      throws IOException, InterruptedException {
    RemoteCapabilities server = workers.capabilities();
    if (!server.executes()) {
      throw new RemoteFailure(
          Kind.UNSUPPORTED,
          wishes.name() + " runs no actions: name a server that does, or use --strategy=local");
    }
    Dialect dialect = server.machine().isPresent() ? whole : plain;
    Instant start = Instant.now();
    Heard heard = new Heard(console);
    try {
      RemoteAction asked = dialect.ask(action, tools);
      RemoteResult result = run(action, asked.encode(server), tools.fresh(), heard);
      result.inlined().values().forEach(blobs::put);
      Dialect.Came came = dialect.read(action, result);
      new Replay(came.outcome(), blobs).after(heard.stdout, heard.stderr, console);
      return execution(new Execution.Ending.Exited(came.outcome().exitCode()), came, start);
    } catch (RemoteFailure e) {
      if (e.kind() == Kind.TIMED_OUT && action.timeout().isPresent()) {
        return timedOut(action.timeout().get(), heard, start);
      }
      throw named(e);
    }
  }

  private RemoteFailure named(RemoteFailure e) {
    String said = String.valueOf(e.getMessage());
    if (said.contains(wishes.name())) {
      return e;
    }
    RemoteFailure named = new RemoteFailure(e.kind(), wishes.name() + ": " + said, e.missing());
    named.initCause(e);
    return named;
  }

  private RemoteResult run(Action action, RemoteAction.Encoded encoded, boolean fresh, Heard heard)
      throws IOException, InterruptedException {
    for (int left = TRIES; ; left--) {
      inputs.send(action.inputs(), encoded);
      try {
        return workers.execution().run(encoded.digest(), fresh, wishes.priority(), heard);
      } catch (RemoteFailure e) {
        if (e.kind() != Kind.MISSING || left == 1) {
          throw e;
        }
        inputs.forget(e.missing());
      }
    }
  }

  private Execution timedOut(Duration limit, Heard heard, Instant start) throws IOException {
    Digest stdout = heard.soFar.map(RemoteResult::stdout).orElse(Digest.EMPTY);
    Digest stderr = heard.soFar.map(RemoteResult::stderr).orElse(Digest.EMPTY);
    heard.soFar.ifPresent(result -> result.inlined().values().forEach(blobs::put));
    Outcome outcome =
        new Outcome(TIMED_OUT, new TreeMap<>(), Set.of(), List.of(), stdout, stderr, List.of());
    new Replay(outcome, blobs).after(heard.stdout, heard.stderr, heard.console);
    Dialect.Came came = new Dialect.Came(outcome, Set.of(), List.of(), Optional.empty());
    return execution(new Execution.Ending.TimedOut(limit), came, start);
  }

  private Execution execution(Execution.Ending ending, Dialect.Came came, Instant start) {
    return new Execution(
        ending,
        came.outcome(),
        came.asked(),
        Set.of(),
        Duration.between(start, Instant.now()),
        start.getEpochSecond() * 1_000_000_000L + start.getNano(),
        List.of(),
        Map.of(),
        List.of(),
        false,
        came.forgotten(),
        Optional.of(new Execution.Elsewhere(wishes.name(), came.answers())));
  }

  /** Passes on what is heard of a run while it goes on, and counts it. */
  private static final class Heard implements RemoteExecution.Listener {
    private final Console console;
    private long stdout;
    private long stderr;
    private Optional<RemoteResult> soFar = Optional.empty();

    Heard(Console console) {
      this.console = console;
    }

    @Override
    public synchronized void stdout(byte[] bytes) {
      stdout += bytes.length;
      console.stdout(bytes, 0, bytes.length);
    }

    @Override
    public synchronized void stderr(byte[] bytes) {
      stderr += bytes.length;
      console.stderr(bytes, 0, bytes.length);
    }

    @Override
    public void timedOut(RemoteResult result) {
      soFar = Optional.of(result);
    }
  }
}
