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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two workspaces that get the same edits: in one {@code bric ninja} builds, in the other ninja. The
 * same edges have to do something, and come to the same bytes, unless one of the named differences
 * ({@code docs/design/ninja-differences.md}) explains why not. What an edit excuses is noted when
 * it is made, for the edges that it is about, until ninja has the right bytes again.
 */
final class BesideWorld implements Playground {
  private static final Pattern OUTPUT = Pattern.compile("(b\\d)/(?:d/)?o(\\d+)");

  private final Path folder;
  private final Path ours;
  private final Path ninjas;
  private final Tally tally;
  private final Service service;
  private final Map<Integer, SortedMap<String, Node>> saved = new HashMap<>();
  private final Map<String, Node> products = new HashMap<>();

  /** How edges came out in the last build that they were part of, by folder and number. */
  private final Map<String, Expected.Made> latest = new TreeMap<>();

  /** Why ninja may have an edge wrong. */
  private final Map<String, String> excuses = new TreeMap<>();

  BesideWorld(Workshop workshop, Scenario scenario, Tally tally) throws IOException {
    this.tally = tally;
    this.folder = workshop.newFolder();
    this.ours = Files.createDirectory(folder.resolve("ours"));
    this.ninjas = Files.createDirectory(folder.resolve("ninja"));
    for (Path root : List.of(ours, ninjas)) {
      Files.createFile(root.resolve("bric.toml"));
      for (Edit edit : scenario.start()) {
        edit.apply(root, "");
      }
    }
    for (int slot = 0; slot < 2; slot++) {
      saved.put(slot, NinjaWorld.branch(Checkout.of(ours)));
    }
    this.service = new Service(workshop, folder.resolve("home"), NinjaMutant.NONE);
  }

  @Override
  public List<String> play(Turn turn) throws IOException, InterruptedException {
    Ticks.pass(folder);
    for (Edit edit : turn.edits()) {
      edit(edit);
    }
    Ticks.pass(folder);
    Order order = Order.of(turn);
    Project project = Project.of(Checkout.of(ours));
    for (Path root : List.of(ours, ninjas)) {
      project.lay(root.resolve(order.folder()));
    }
    Checkout before = Checkout.of(ours);
    SortedMap<String, Node> sources = new TreeMap<>(before.entries());
    sources.entrySet().removeIf(e -> e.getValue().equals(products.get(e.getKey())));
    sources.keySet().removeIf(path -> path.endsWith(".rsp"));
    Expected expected = new Expected(project, order.folder(), sources, Map.of(), false);
    Optional<String> error = expected.build(order.targets());
    List<String> words = new ArrayList<>(List.of("-j2", "-k0"));
    words.addAll(order.targets());
    Service.Built built = service.build(ours.resolve(order.folder()), words, Map.of());
    PlainNinja.Result plain =
        PlainNinja.run(ninjas.resolve(order.folder()), folder, words, Map.of());
    if (error.isPresent() || expected.stops()) {
      project.recipes().keySet().forEach(id -> excuse(name(order, id), "left-behind"));
      return List.of();
    }
    if (plain.err().contains("Too many levels of symbolic links")) {
      project.recipes().keySet().forEach(id -> excuse(name(order, id), "loop"));
      return List.of();
    }
    Comparison comparison = new Comparison(order, project, expected, before, built, plain);
    comparison.compare();
    return comparison.lines;
  }

  private void edit(Edit edit) throws IOException {
    switch (edit) {
      case Edit.Save(int slot) -> saved.put(slot, NinjaWorld.branch(Checkout.of(ours)));
      case Edit.Restore(int slot) -> {
        latest.forEach((edge, made) -> {
          if (Stream.of("absent", "Link[", "Folder[").anyMatch(made.seen()::contains)) {
            excuse(edge, "absence");
          }
        });
        for (Path root : List.of(ours, ninjas)) {
          NinjaWorld.restore(root, saved.getOrDefault(slot, new TreeMap<>()));
        }
      }
      case Edit.Touch(String path, long second) when second == 0 -> {
        for (Path root : List.of(ours, ninjas)) {
          if (Files.isRegularFile(root.resolve(path))) {
            Files.setLastModifiedTime(root.resolve(path), FileTime.from(Instant.now()));
          }
        }
      }
      case Edit.Write write when write.path().equals(".bricignore") -> {} // ninja has no such thing
      default -> {
        excuse(edit);
        edit.apply(ours, "");
        edit.apply(ninjas, "");
      }
    }
  }

  /** Notes what ninja cannot know of an edit. */
  private void excuse(Edit edit) {
    switch (edit) {
      case Edit.Twist(String path, int by, boolean keepTime) when keepTime ->
          readers(path, "time-back");
      case Edit.Link(String path, String target) -> {
        readers(path, "time-back");
        makers(path, "edited-output");
      }
      case Edit.Move(String from, String to) -> {
        readers(from, "time-back");
        readers(to, "time-back");
      }
      case Edit.Executable(String path, boolean executable) -> {
        readers(path, "permission");
        makers(path, "edited-output");
      }
      case Edit.Write write -> {
        readers(write.path(), write.executable() ? "permission" : "");
        makers(write.path(), "edited-output");
      }
      case Edit.Folder(String path) -> readers(path, "absence");
      default -> {}
    }
  }

  /** Who looked in vain is excused in any case: a depfile does not tell of that. */
  private void readers(String path, String why) {
    latest.forEach((edge, made) -> {
      if (made.seen().contains("../" + path + " ")) {
        if (!made.read().contains("../" + path)) {
          excuse(edge, "absence");
        } else if (!why.isEmpty()) {
          excuse(edge, why);
        }
      }
    });
  }

  /** Who makes a path, now or later. */
  private void makers(String path, String why) {
    Matcher output = OUTPUT.matcher(path);
    if (output.matches()) {
      excuse(output.group(1) + " E" + output.group(2), why);
    }
  }

  private void excuse(String edge, String why) {
    excuses.putIfAbsent(edge, why);
  }

  private static String name(Order order, int id) {
    return order.folder() + " E" + id;
  }

  /** One build of both. */
  private final class Comparison {
    private final Order order;
    private final Project project;
    private final Expected expected;
    private final Checkout before;
    private final Service.Built built;
    private final PlainNinja.Result plain;
    private final List<String> lines = new ArrayList<>();

    Comparison(
        Order order,
        Project project,
        Expected expected,
        Checkout before,
        Service.Built built,
        PlainNinja.Result plain) {
      this.order = order;
      this.project = project;
      this.expected = expected;
      this.before = before;
      this.built = built;
      this.plain = plain;
    }

    void compare() throws IOException {
      Set<String> ran = Service.told(plain.out());
      Checkout ourFiles = Checkout.of(ours);
      Checkout theirs = Checkout.of(ninjas);
      int[] counts = new int[3];
      Set<Integer> doubtful = new TreeSet<>();
      for (Map.Entry<Integer, Expected.Made> entry : expected.made().entrySet()) {
        int id = entry.getKey();
        Expected.Made made = entry.getValue();
        Recipe recipe = Objects.requireNonNull(project.recipes().get(id));
        if (excuses.containsKey(name(order, id))
            || made.below().stream().anyMatch(doubtful::contains)) {
          doubtful.add(id);
        }
        if (recipe.isPhony() || made.state() != Expected.State.WELL) {
          continue;
        }
        String why = excuses.getOrDefault(name(order, id), "below");
        boolean ourRun = built.ran().contains("E" + id);
        boolean ourTold = built.told().contains("E" + id);
        counts[ourRun ? 0 : ourTold ? 1 : 2]++;
        check(id, made, ourFiles, "ours");
        boolean right = isThere(withoutModes(made), withoutModes(theirs));
        if (!right && !doubtful.contains(id)) {
          check(id, withoutModes(made), withoutModes(theirs), "ninja's");
        }
        if (!right) {
          tally.name("ninja is stale: " + why);
        }
        boolean theirRun = ran.contains("E" + id);
        if (theirRun && !ourRun) {
          tally.name(ourTold ? "ninja runs, we bring" : "ninja runs, we do nothing");
        }
        boolean wasThere = isThere(made, before);
        if (!theirRun && (ourRun || (ourTold && !wasThere))) {
          tally.name("we do something, ninja does not: " + why);
          if (!doubtful.contains(id)) {
            lines.add("E" + id + " did something, and with ninja it did not");
          }
        }
        if (right) {
          excuses.remove(name(order, id));
        }
        latest.put(name(order, id), made);
        products.putAll(made.files());
      }
      boolean sameStatus = (plain.status() == 0) == (built.status() == 0);
      if (!sameStatus && doubtful.isEmpty()) {
        lines.add("status " + built.status() + ", ninja's " + plain.status() + plain.out());
      }
      tally.plain();
      tally.edges(counts[0], counts[1], counts[2]);
      if (!lines.isEmpty()) {
        lines.add("ninja: " + plain.out() + plain.err());
        lines.add("ours, ran " + built.ran() + ": " + built.text());
      }
    }

    /** What a shell writes over keeps its mode; in the sandbox it was not there. */
    private static Expected.Made withoutModes(Expected.Made made) {
      return new Expected.Made(
          made.state(), plain(made.files()), made.seen(), made.said(), made.below(), made.read());
    }

    private static Checkout withoutModes(Checkout checkout) {
      return new Checkout(plain(checkout.entries()));
    }

    private static SortedMap<String, Node> plain(SortedMap<String, Node> files) {
      SortedMap<String, Node> plain = new TreeMap<>(files);
      plain.replaceAll((path, node) ->
          node instanceof Node.File file ? new Node.File(file.bytes(), false) : node);
      return plain;
    }

    private boolean isThere(Expected.Made made, Checkout files) {
      return made.files().entrySet().stream()
          .allMatch(file -> file.getValue().equals(files.entries().get(file.getKey())));
    }

    private void check(int id, Expected.Made made, Checkout files, String whose) {
      made.files()
          .forEach((path, node) -> {
            if (!node.equals(files.entries().get(path))) {
              lines.add(
                  "%s %s of E%d: %s, wanted %s; it saw %s"
                      .formatted(whose, path, id, files.entries().get(path), node, made.seen()));
            }
          });
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
    World.remove(folder);
  }
}
