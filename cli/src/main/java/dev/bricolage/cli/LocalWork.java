package dev.bricolage.cli;

import dev.bricolage.cli.events.EventOptions;
import dev.bricolage.cli.remote.Servers;
import dev.bricolage.cli.serve.ServeOptions;
import dev.bricolage.cli.serve.Serving;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.fronts.ninja.NinjaReport;
import dev.bricolage.fronts.ninja.NinjaRequest;
import dev.bricolage.fronts.run.RunReport;
import dev.bricolage.fronts.run.RunRequest;
import dev.bricolage.sandbox.Console;
import dev.bricolage.sandbox.Sandbox;
import dev.bricolage.store.Lease;
import dev.bricolage.store.Store;
import dev.bricolage.store.StoreException;
import dev.bricolage.workspace.CannotWrite;
import dev.bricolage.workspace.Download;
import dev.bricolage.workspace.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The verbs' work on this machine's store and sandbox. */
final class LocalWork implements Work {
  /** After so long the daemon goes on alone. */
  private static final Duration MOST_SHARING = Duration.ofSeconds(60);

  private final Store store;
  private final Sandbox sandbox;
  private final Houses houses;
  private final Serving serving;
  private final History history;

  LocalWork(Store store, Sandbox sandbox, Houses houses, Serving serving) {
    this.store = store;
    this.sandbox = sandbox;
    this.houses = houses;
    this.serving = serving;
    this.history = new History(store.runs());
  }

  @Override
  public int run(RunOptions options, Session session)
      throws Failure, IOException, InterruptedException {
    Instant began = Instant.now();
    Control control = new Control(Thread.currentThread()::interrupt);
    session.onSignal(control::signal);
    House house =
        asked(() -> houses.of(options.directory(), options.clientEnv(), session.remote()));
    RunReport report =
        asked(() ->
            house
                .run()
                .run(
                    request(options, house.download()),
                    new SessionConsole(session),
                    control,
                    session.listener()));
    shared(house, session);
    RunRecord run = RunRecord.of(began, options.directory(), options.argv(), report);
    long id = history.add(run);
    if (!options.quiet()) {
      new Summary(session).tell(id, run, report);
    }
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), History.pretty(new Exported(id, run)));
    }
    return report.status();
  }

  @Override
  public int ninja(NinjaRequest request, Session session)
      throws Failure, IOException, InterruptedException {
    Thread asker = Thread.currentThread();
    session.onSignal(number -> asker.interrupt());
    Instant began = Instant.now();
    House house = asked(() -> houses.of(request.directory(), request.users(), session.remote()));
    NinjaReport report =
        asked(() ->
            house
                .ninja()
                .build(
                    request.downloading(house.download()),
                    new SessionConsole(session),
                    new SessionActs(session),
                    session.listener()));
    shared(house, session);
    if (!report.told().isEmpty()) {
      List<String> words = EventOptions.withoutSecrets(session.request().arguments());
      history.add(RunRecord.of(began, words, report));
    }
    return report.status();
  }

  /** Waits until others can have what was computed, and tells what kept them from it. */
  private static void shared(House house, Session session) {
    if (house.servers().isEmpty()) {
      return;
    }
    Servers servers = house.servers().get();
    try {
      if (!servers.sharing().await(MOST_SHARING)) {
        session.tell(
            "%d results are still on their way to the cache; the daemon goes on with them"
                .formatted(servers.sharing().waiting()));
      }
    } catch (InterruptedException e) {
      session.tell(
          "%d results are still on their way to the cache".formatted(servers.sharing().waiting()));
    }
    servers.takeWarnings().forEach(warning -> session.tell("warning: " + warning));
  }

  /** What a front is asked for. */
  private interface Asked<T> {
    T answer() throws IOException, InterruptedException;
  }

  /** Asks it, with the store held, and tells its errors as the command line does. */
  private <T> T asked(Asked<T> asked) throws Failure, IOException, InterruptedException {
    Lease lease = store.lease();
    try {
      return asked.answer();
    } catch (UserError e) {
      throw failure(ExitStatus.NO_INPUT, e);
    } catch (CannotWrite e) {
      throw failure(ExitStatus.CANNOT_CREATE, e);
    } catch (LocalExecutor.SandboxRefused e) {
      throw failure(ExitStatus.UNSUITED, e);
    } catch (StoreException e) {
      throw failure(ExitStatus.IO, e);
    } finally {
      lease.close();
    }
  }

  @Override
  public int serve(ServeOptions options, Session session)
      throws Failure, IOException, InterruptedException {
    Thread asker = Thread.currentThread();
    session.onSignal(number -> asker.interrupt());
    try {
      serving.serve(options, session::tell, fault -> session.tell("a fault of ours: " + fault));
      return 0;
    } catch (UserError e) {
      throw failure(ExitStatus.NO_INPUT, e);
    }
  }

  private static Failure failure(ExitStatus status, Exception cause) {
    return new Failure(
        status, Objects.requireNonNullElse(cause.getMessage(), cause.toString()), cause);
  }

  /** A record as programs read it. */
  private record Exported(long id, RunRecord run) {}

  /** Some of its tools, as programs read them. */
  private record ExportedTools(long id, List<RunRecord.Tool> tools) {}

  private static RunRequest request(RunOptions options, Download download) {
    return new RunRequest(
        options.directory(),
        options.argv(),
        options.env(),
        options.clientEnv(),
        options.readOnly(),
        options.in(),
        options.out(),
        options.writeBack() && download != Download.MINIMAL,
        options.fresh(),
        options.realPath(),
        options.timeout());
  }

  /** Output goes to the client as it comes. */
  private record SessionConsole(Session session) implements Console {
    @Override
    public void stdout(byte[] bytes, int offset, int length) {
      write(session.stdout(), bytes, offset, length);
    }

    @Override
    public void stderr(byte[] bytes, int offset, int length) {
      write(session.stderr(), bytes, offset, length);
    }

    private static void write(OutputStream stream, byte[] bytes, int offset, int length) {
      try {
        stream.write(bytes, offset, length);
      } catch (IOException clientGone) {
        throw new UncheckedIOException(clientGone);
      }
    }
  }

  @Override
  public int why(WhyOptions options, Session session) throws Failure {
    Optional<History.Numbered> made = options.id().isEmpty() ? madeIn(options) : Optional.empty();
    if (made.isPresent()) {
      tellMade(made.get(), options, session);
      return 0;
    }
    String directory = options.directory().toString();
    Predicate<RunRecord> meant =
        run -> options.tool().isEmpty() || !run.toolsWith(options.tool().get()).isEmpty();
    Optional<History.Numbered> found =
        options.id().isPresent()
            ? Optional.of(numbered(options.id().get())).filter(run -> meant.test(run.run()))
            : history.lastIn(directory, meant);
    if (found.isEmpty()) {
      throw new Failure(ExitStatus.NO_INPUT, nothing(options));
    }
    History.Numbered run = found.get();
    if (options.tool().isEmpty()) {
      session.print(
          options.json()
              ? History.pretty(new Exported(run.id(), run.run()))
              : Explanation.of(run.run()));
      return 0;
    }
    List<RunRecord.Tool> tools = run.run().toolsWith(options.tool().get());
    session.print(
        options.json()
            ? History.pretty(new ExportedTools(run.id(), tools))
            : Explanation.ofTools(run.id(), tools));
    return 0;
  }

  /** The last build that made the file which the word names, if it names one. */
  private Optional<History.Numbered> madeIn(WhyOptions options) {
    return options
        .file()
        .flatMap(file ->
            history.lastIn(options.directory().toString(), run -> !run.edgesFor(file).isEmpty()));
  }

  private void tellMade(History.Numbered run, WhyOptions options, Session session) {
    String file = options.file().orElseThrow();
    List<RunRecord.Tool> edges = run.run().edgesFor(file);
    if (options.json()) {
      session.print(History.pretty(new ExportedTools(run.id(), edges)));
      return;
    }
    session.print(Explanation.ofFile(options.tool().orElseThrow(), run, edges));
    if (edges.stream().allMatch(RunRecord.Tool::remembered)) {
      Predicate<RunRecord> ran =
          earlier -> earlier.edgesFor(file).stream().anyMatch(edge -> !edge.remembered());
      history
          .lastIn(options.directory().toString(), ran)
          .ifPresent(earlier ->
              session.print(Explanation.ofFile("last run", earlier, earlier.run().edgesFor(file))));
    }
  }

  private static String nothing(WhyOptions options) {
    if (options.tool().isEmpty()) {
      return "nothing has run in " + options.directory() + " yet; 'bric log' lists all runs";
    }
    String where = options.id().map(id -> "run " + id).orElse("no run in " + options.directory());
    return options.id().isPresent()
        ? where + " started no tool like " + options.tool().get() + "; see 'bric log show'"
        : where + " has started a tool like " + options.tool().get() + "; see 'bric log show ID'";
  }

  private History.Numbered numbered(String id) throws Failure {
    try {
      Optional<History.Numbered> found = history.get(Long.parseLong(id));
      if (found.isPresent()) {
        return found.get();
      }
    } catch (NumberFormatException notOne) {
      // Told below, like any other id that is not there.
    }
    throw new Failure(ExitStatus.NO_INPUT, "no run has the id " + id + "; 'bric log' lists them");
  }

  @Override
  public int log(LogOptions options, Session session) throws Failure {
    switch (options) {
      case LogOptions.Latest latest -> {
        List<History.Numbered> runs = history.newest(latest.limit());
        if (latest.json()) {
          runs.forEach(run -> session.print(History.json(new Exported(run.id(), run.run()))));
        } else {
          session.print(Explanation.table(runs));
        }
      }
      case LogOptions.Show show -> {
        History.Numbered run = numbered(show.id());
        session.print(
            show.json()
                ? History.pretty(new Exported(run.id(), run.run()))
                : Explanation.whole(run.id(), run.run()));
      }
    }
    return 0;
  }

  @Override
  public int store(StoreOptions options, Session session)
      throws Failure, IOException, InterruptedException {
    try {
      return new StoreWork(store, session).of(options);
    } finally {
      houses.release(); // what was collected or found damaged must not be held, or used, any more
    }
  }

  @Override
  public Path scratch() {
    return store.home().resolve("runs");
  }

  @Override
  public void close() throws IOException {
    sandbox.close();
    houses.close();
    store.close();
  }
}
