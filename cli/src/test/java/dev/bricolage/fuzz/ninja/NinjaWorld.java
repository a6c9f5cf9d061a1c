package dev.bricolage.fuzz.ninja;

import dev.bricolage.fuzz.Checkout;
import dev.bricolage.fuzz.Checkout.Node;
import dev.bricolage.fuzz.Playground;
import dev.bricolage.fuzz.Tally;
import dev.bricolage.fuzz.Workshop;
import dev.bricolage.fuzz.World;
import dev.bricolage.testkit.gen.Edit;
import dev.bricolage.testkit.gen.Scenario;
import dev.bricolage.testkit.gen.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Where edges are played: a workspace with two build folders, and a store that outlives the
 * services on it. Now and then the workspace is moved, which those builds must not notice that show
 * it at the path that all checkouts share. After each build the whole workspace has to be what
 * {@link Expected} says.
 */
final class NinjaWorld implements Playground {
  /** What a change of branch changes. */
  private static final List<String> BRANCH = List.of("src", "inc", "edges", ".bricignore");

  private final Path folder;
  private final Workshop workshop;
  private final NinjaMutant mutant;
  private final Tally tally;
  private final Map<Integer, SortedMap<String, Node>> saved = new HashMap<>();

  /** What builds have made, as they made it, wherever it still is so. */
  private final Map<String, Node> products = new HashMap<>();

  /** What was run, with all it looked at. */
  private final Set<String> known = new HashSet<>();

  private Path root;
  private Service service;

  NinjaWorld(Workshop workshop, Scenario scenario, NinjaMutant mutant, Tally tally)
      throws IOException {
    this.workshop = workshop;
    this.mutant = mutant;
    this.tally = tally;
    this.folder = workshop.newFolder();
    this.root = Files.createDirectory(folder.resolve("ws"));
    Files.createFile(root.resolve("bric.toml"));
    for (Edit edit : scenario.start()) {
      edit.apply(root, "");
    }
    this.service = open();
    for (int slot = 0; slot < 2; slot++) {
      saved.put(slot, branch(Checkout.of(root)));
    }
  }

  private Service open() throws IOException {
    return new Service(workshop, folder.resolve("home"), mutant);
  }

  @Override
  public List<String> play(Turn turn) throws IOException, InterruptedException {
    for (Edit edit : turn.edits()) {
      edit(edit);
    }
    Order order = Order.of(turn).sometimesShared(turn);
    if (order.restart()) {
      service.close();
      service = open();
      if (order.isShared()) {
        root = Files.move(root, folder.resolve(root.endsWith("ws") ? "elsewhere" : "ws"));
      }
    }
    Path build = root.resolve(order.folder());
    Project.of(Checkout.of(root)).lay(build);
    if (order.endAfter() > 0
        && service.buildAndEnd(build, order.words(), turn.variables(), order.endAfter())) {
      tally.name("builds ended half way");
    }
    Round round = round(order, turn.variables());
    round.play();
    return round.lines;
  }

  private void edit(Edit edit) throws IOException {
    switch (edit) {
      case Edit.Save(int slot) -> saved.put(slot, branch(Checkout.of(root)));
      case Edit.Restore(int slot) -> restore(root, saved.getOrDefault(slot, new TreeMap<>()));
      case Edit.Touch(String path, long second) when second == 0 -> {
        if (Files.isRegularFile(root.resolve(path))) {
          Files.setLastModifiedTime(root.resolve(path), FileTime.from(Instant.now()));
        }
      }
      default -> edit.apply(root, "");
    }
  }

  /** Brings back what belongs to a branch, as a change of branch does. */
  static void restore(Path root, SortedMap<String, Node> branch) throws IOException {
    SortedMap<String, Node> files = new TreeMap<>(Checkout.of(root).entries());
    files.keySet().removeIf(NinjaWorld::isOfBranch);
    files.putAll(branch);
    new Checkout(files).restore(root);
  }

  /** What belongs to a branch. */
  static SortedMap<String, Node> branch(Checkout checkout) {
    SortedMap<String, Node> files = new TreeMap<>(checkout.entries());
    files.keySet().removeIf(path -> !isOfBranch(path));
    return files;
  }

  private static boolean isOfBranch(String path) {
    return BRANCH.contains(path.replaceFirst("/.*", ""));
  }

  private Round round(Order order, Map<String, String> variables) throws IOException {
    Checkout before = Checkout.of(root);
    Project project = Project.of(before);
    Expected expected =
        new Expected(
            project,
            order.folder(),
            sources(before),
            variables,
            order.words().contains("--strict"));
    return new Round(order, variables, before, project, expected);
  }

  /** What is there, is not ignored, and was not made. */
  private SortedMap<String, Node> sources(Checkout checkout) {
    SortedMap<String, Node> sources = new TreeMap<>(checkout.entries());
    Node rules = sources.get(".bricignore");
    if (rules instanceof Node.File file) {
      file.bytes().lines().forEach(line -> sources.remove(line.substring(1)));
    }
    sources.entrySet().removeIf(entry -> entry.getValue().equals(products.get(entry.getKey())));
    sources.keySet().removeIf(path -> path.endsWith(".rsp")); // commands that failed have left them
    return sources;
  }

  /** One build and what is held against it. */
  private final class Round {
    private final Order order;
    private final Map<String, String> variables;
    private final Checkout before;
    private final Project project;
    private final Expected expected;
    private final Map<String, FileTime> times = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    Round(
        Order order,
        Map<String, String> variables,
        Checkout before,
        Project project,
        Expected expected) {
      this.order = order;
      this.variables = variables;
      this.before = before;
      this.project = project;
      this.expected = expected;
    }

    void play() throws IOException, InterruptedException {
      Optional<String> error = expected.build(order.targets());
      Path build = root.resolve(order.folder());
      for (String output : project.makers().keySet()) {
        time(output).ifPresent(time -> times.put(output, time));
      }
      Service.Built built =
          order.twice() ? twice(build) : service.build(build, order.words(), variables);
      if (error.isPresent()) {
        tally.name("builds that cannot be begun");
        if (built.status() != 1) {
          lines.add("status " + built.status() + " for " + error.get() + ": " + built.text());
        }
        return;
      }
      Checkout after = Checkout.of(root);
      boolean fails =
          expected.stops()
              || expected.made().values().stream()
                  .anyMatch(made -> made.state() != Expected.State.WELL);
      if (built.status() != (fails ? 1 : 0)) {
        lines.add("status " + built.status() + ", wanted " + (fails ? 1 : 0) + ": " + built.text());
      }
      lines.addAll(files(after, (order.keepsGoing() && !expected.stops()) || !fails));
      keep(after);
      if (!order.twice()) {
        account(built);
      }
      if (!fails && lines.isEmpty() && !isNeverDone() && !hasTouchedHeaders()) {
        plainNinjaHasNothingToDo(build);
      }
      if (!lines.isEmpty()) {
        explain(built);
      } else if (!fails) {
        standStill(build);
      }
    }

    /** Builds again when clocks have gone on: what is kept then must not hide the next edit. */
    private void standStill(Path build) throws IOException, InterruptedException {
      Thread.sleep(25);
      Checkout before = Checkout.of(root);
      Service.Built idle = service.build(build, order.words(), variables);
      if (idle.text().equals("ninja: no work to do.\n")) {
        tally.name("builds with nothing to do");
      }
      lines.addAll(Checkout.of(root).differences(before));
    }

    /** All that is needed to understand a wrong answer. */
    private void explain(Service.Built built) {
      lines.add(order + " ran " + built.ran() + ", told of " + built.told());
      lines.add("it said: " + built.text());
      expected
          .made()
          .forEach((id, made) ->
              lines.add(
                  "%s %s %s\n    %s"
                      .formatted(
                          Optional.ofNullable(project.recipes().get(id))
                              .map(Recipe::statement)
                              .orElse(""),
                          made.state(),
                          made.files(),
                          made.seen().replace("\n", "; "))));
    }

    private Service.Built twice(Path build) throws IOException, InterruptedException {
      FutureTask<Service.Built> other =
          new FutureTask<>(() -> service.build(build, order.words(), variables));
      Thread.ofVirtual().start(other);
      service.build(build, order.words(), variables);
      try {
        return other.get();
      } catch (ExecutionException e) {
        throw new IOException(e);
      }
    }

    /** Without ninja's logs, response files of what failed, and folders. */
    private Checkout comparable(SortedMap<String, Node> files) {
      SortedMap<String, Node> some = new TreeMap<>(files);
      some.entrySet()
          .removeIf(entry ->
              entry.getValue() instanceof Node.Folder
                  || entry.getKey().contains("/.ninja_")
                  || entry.getKey().endsWith(".rsp"));
      return new Checkout(some);
    }

    private List<String> files(Checkout after, boolean all) {
      SortedMap<String, Node> wanted = new TreeMap<>(before.entries());
      for (Expected.Made made : expected.made().values()) {
        for (Map.Entry<String, Node> file : made.files().entrySet()) {
          boolean either = !all && !file.getValue().equals(after.entries().get(file.getKey()));
          if (!either) {
            wanted.put(file.getKey(), file.getValue());
          }
        }
      }
      return comparable(after.entries()).differences(comparable(wanted));
    }

    private void keep(Checkout after) {
      for (Expected.Made made : expected.made().values()) {
        for (Map.Entry<String, Node> file : made.files().entrySet()) {
          if (file.getValue().equals(after.entries().get(file.getKey()))) {
            products.put(file.getKey(), file.getValue());
          }
        }
      }
    }

    /** Each edge must have run, been brought, or been left alone, as its outcome says. */
    private void account(Service.Built built) throws IOException {
      int ran = 0;
      int brought = 0;
      int left = 0;
      for (Map.Entry<Integer, Expected.Made> entry : expected.made().entrySet()) {
        Recipe recipe = project.recipes().get(entry.getKey());
        Expected.Made made = entry.getValue();
        if (recipe == null || recipe.isPhony() || made.state() != Expected.State.WELL) {
          continue;
        }
        String id = "E" + recipe.id();
        String key =
            "%s %s %s %s %s %s"
                .formatted(
                    order.isShared() ? "anywhere" : root,
                    order.folder(),
                    project.base(),
                    variables,
                    recipe.statement(),
                    made.seen());
        boolean first = !known.contains(key);
        if (built.status() == 0 || (order.keepsGoing() && !expected.stops())) {
          known.add(key);
        }
        boolean wasThere = isThere(made, before);
        if (built.ran().contains(id)) {
          ran++;
          // Another build's folder that holds nothing but products comes and goes. And what an
          // edge learns, it learns by running.
          boolean mayRun = Stream.of("../b1/", Expected.LEARNT).anyMatch(made.seen()::contains);
          if (!first && !mayRun) {
            lines.add(id + " ran again although nothing that it looks at has changed");
          }
        } else if (built.told().contains(id)) {
          brought++;
          if (wasThere && !wasOlder(recipe, looked(recipe, made))) {
            lines.add(id + " was told of although nothing was to be done");
          }
        } else {
          left++;
          if (!wasThere && lines.isEmpty() && order.keepsGoing() && !expected.stops()) {
            lines.add(id + " was not told of although its outputs were not there");
          }
        }
      }
      tally.edges(ran, brought, left);
    }

    private static boolean isThere(Expected.Made made, Checkout checkout) {
      return made.files().entrySet().stream()
          .allMatch(file -> file.getValue().equals(checkout.entries().get(file.getKey())));
    }

    private static List<String> looked(Recipe recipe, Expected.Made made) {
      List<String> inputs = new ArrayList<>(recipe.inputs());
      inputs.addAll(made.read());
      return inputs;
    }

    /** Whether plain ninja would have thought it old, after what was made meanwhile. */
    private boolean wasOlder(Recipe recipe, List<String> inputs) throws IOException {
      for (String out : recipe.outs()) {
        if (isOlder(times.getOrDefault(out, FileTime.fromMillis(0)), inputs)) {
          return true;
        }
      }
      return false;
    }

    private boolean isOlder(FileTime output, List<String> inputs) throws IOException {
      for (String input : inputs) {
        if (newest(input).filter(time -> time.compareTo(output) > 0).isPresent()) {
          return true;
        }
      }
      return false;
    }

    /** A name for others is as new as the newest of them. */
    private Optional<FileTime> newest(String path) throws IOException {
      Recipe maker = project.makers().get(path);
      if (maker == null || !maker.isPhony()) {
        return time(path);
      }
      Optional<FileTime> newest = Optional.empty();
      for (String input : maker.inputs()) {
        Optional<FileTime> time = newest(input);
        if (newest.isEmpty() || (time.isPresent() && time.get().compareTo(newest.get()) > 0)) {
          newest = time;
        }
      }
      return newest;
    }

    private Optional<FileTime> time(String path) throws IOException {
      Path file = root.resolve(expected.place(path));
      return Files.exists(file) ? Optional.of(Files.getLastModifiedTime(file)) : Optional.empty();
    }

    /** A name without inputs that is no file makes ninja run what needs it, always. */
    private boolean isNeverDone() {
      return expected.made().isEmpty()
          || expected.made().keySet().stream()
              .map(id -> Optional.ofNullable(project.recipes().get(id)).orElseThrow())
              .anyMatch(recipe -> recipe.isPhony() && recipe.inputs().isEmpty());
    }

    /** A header that only a depfile tells of, and whose time alone has changed. */
    private boolean hasTouchedHeaders() throws IOException {
      for (Map.Entry<Integer, Expected.Made> entry : expected.made().entrySet()) {
        Recipe recipe = Optional.ofNullable(project.recipes().get(entry.getKey())).orElseThrow();
        List<String> headers = new ArrayList<>(entry.getValue().read());
        headers.removeAll(recipe.inputs());
        if (!recipe.isPhony()) {
          for (String out : recipe.outs()) {
            if (isOlder(time(out).orElseThrow(), headers)) {
              return true;
            }
          }
        }
      }
      return false;
    }

    private void plainNinjaHasNothingToDo(Path build) throws IOException, InterruptedException {
      PlainNinja.Result plain = PlainNinja.run(build, folder, dryRun(), variables);
      if (!plain.out().equals("ninja: no work to do.\n")) {
        lines.add("plain ninja: " + plain.out() + plain.err());
      }
    }

    private List<String> dryRun() {
      List<String> words = new ArrayList<>(List.of("-n", "-d", "explain"));
      words.addAll(order.targets());
      return words;
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
    World.remove(folder);
  }
}
