package dev.bricolage.fuzz.ninja;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.action.event.Listener;
import dev.bricolage.execute.Executor;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.NinjaFront;
import dev.bricolage.fronts.ninja.NinjaRequest;
import dev.bricolage.fronts.ninja.NinjaWords;
import dev.bricolage.fronts.ninja.act.Acts;
import dev.bricolage.fronts.ninja.build.Builder;
import dev.bricolage.fuzz.Answer;
import dev.bricolage.fuzz.Workshop;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.store.Store;
import dev.bricolage.workspace.CannotWrite;
import dev.bricolage.workspace.UnderWay;
import dev.bricolage.workspace.UserError;
import dev.bricolage.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a daemon has from its start to its end, on a home that outlives it: the product's own parts,
 * with a watch on what is really run.
 */
final class Service implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile(": (E\\d+|[A-Z]);");
  private static final Pattern TOLD = Pattern.compile("(?m)^@(E\\d+|[A-Z])$");

  /** No manifest here has any. */
  private static final Acts NO_ACTS =
      (command, folder) -> {
        throw new IllegalStateException("an act: " + command);
      };

  private final Store store;
  private final NinjaFront front;
  private final Watch watch;
  private final NinjaMutant mutant;

  /**
   * What a build came to.
   *
   * @param status ninja's; -1 when it was refused
   * @param text all it said, and the refusal
   * @param ran the edges whose commands were run
   * @param told the edges it told of
   */
  record Built(int status, String text, Set<String> ran, Set<String> told) {}

  Service(Workshop workshop, Path home, NinjaMutant mutant) throws IOException {
    this.store = Store.open(home, warning -> {});
    Machine machine = Machine.ofHost(home);
    Path scratch = Files.createDirectories(home.resolve("runs"));
    InnerMemory inner =
        new InnerMemory(
            new TraceMemory(store.traces()),
            store.blobs(),
            new HostFacts(store.files()),
            store.files());
    Executor real = new LocalExecutor(workshop.sandbox(), machine, store.blobs(), inner, scratch);
    this.mutant = mutant;
    this.watch = new Watch();
    Executor watched =
        (action, tools, console, control) -> {
          watch.starts(action.command().arguments().getLast());
          return mutant.lie(real.execute(action, tools, console, control));
        };
    Runs runs =
        new Runs(
            new TraceMemory(store.traces()),
            store.blobs(),
            watched,
            machine,
            new HostFacts(store.files()));
    this.front =
        new NinjaFront(
            new Builder(runs, store.blobs(), store.files(), store.products(), new UnderWay(home)));
  }

  /** Which commands were started, and an end to the build after some. */
  private static final class Watch {
    private final Set<String> ran = new TreeSet<>();
    private int left = Integer.MAX_VALUE;
    private Runnable end = () -> {};

    synchronized void starts(String command) {
      NAME.matcher(command).results().map(Service::name).forEach(ran::add);
      if (--left == 0) {
        end.run();
      }
    }

    synchronized Set<String> take() {
      Set<String> taken = new TreeSet<>(ran);
      ran.clear();
      left = Integer.MAX_VALUE;
      return taken;
    }

    synchronized void endAfter(int commands, Runnable how) {
      left = commands;
      end = how;
    }
  }

  private static String name(MatchResult match) {
    return match.group(1);
  }

  /** The edges that such a text tells of. */
  static Set<String> told(String text) {
    return TOLD.matcher(text)
        .results()
        .map(Service::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Builds. */
  Built build(Path folder, List<String> words, Map<String, String> variables)
      throws IOException, InterruptedException {
    Map<String, String> users = new HashMap<>(variables);
    users.put("NINJA_STATUS", "");
    users.put("HOME", "/nonexistent");
    users.put("PATH", "/usr/bin:/bin");
    NinjaWords asked =
        switch (NinjaWords.ofBric(words, 2, Map.of())) {
          case NinjaWords.Reading.Asked(NinjaWords it) -> it;
          case NinjaWords.Reading other -> throw new IllegalStateException(other.toString());
        };
    if (mutant == NinjaMutant.FORGETS_PRODUCTS) {
      forgetProducts(folder);
    }
    Answer.Screen screen = new Answer.Screen();
    int status = -1;
    String refusal = "";
    try {
      status =
          front
              .build(
                  new NinjaRequest(folder, asked, users, OptionalInt.empty(), false),
                  screen,
                  NO_ACTS,
                  Listener.NOBODY)
              .status();
    } catch (UserError | CannotWrite e) {
      refusal = String.valueOf(e.getMessage());
    }
    String text = screen.out() + screen.err() + refusal;
    return new Built(status, text, watch.take(), told(text));
  }

  private void forgetProducts(Path folder) throws IOException {
    String workspace = Workspace.holding(folder, Optional.empty()).id();
    Map<TreePath, Optional<Entry>> gone = new TreeMap<>();
    store.products().of(workspace).keySet().forEach(path -> gone.put(path, Optional.empty()));
    store.products().record(workspace, gone);
  }

  /** Builds, and is interrupted when so many commands were started; whether it was. */
  boolean buildAndEnd(Path folder, List<String> words, Map<String, String> variables, int commands)
      throws IOException {
    Thread builder = Thread.currentThread();
    watch.endAfter(commands, builder::interrupt);
    try {
      Built built = build(folder, words, variables);
      return Thread.interrupted() || built.status() == 2;
    } catch (InterruptedException ended) {
      return true;
    } finally {
      watch.take();
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
