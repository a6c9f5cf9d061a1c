package dev.bricolage.fuzz.ninja;

import dev.bricolage.fuzz.Checkout.Node;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a build must come to: each edge's outcome, computed from the sources and the recipes alone.
 * This is the definition of right; it runs nothing and remembers nothing.
 *
 * <p>An edge sees the sources and what the edges below it have made. If it looks at what another
 * edge makes, it counts as needing that ({@code strict}: it finds nothing there).
 */
final class Expected {
  private static final int MODULUS = 99_991;
  private static final int CHAIN = 4;

  /** Stands in what an edge saw, where it looked for what it had not said it needs. */
  static final String LEARNT = "learnt to need E";

  private final Project project;
  private final String folder;
  private final SortedMap<String, Node> sources;
  private final Map<String, String> variables;
  private final boolean strict;
  private final Map<Integer, Made> made = new TreeMap<>();
  private final Map<String, Recipe> makers = new HashMap<>();

  private boolean stops;

  /** Whether it ends in the middle, because a dyndep file names what is not there. */
  boolean stops() {
    return stops;
  }

  /** How an edge comes out. */
  enum State {
    WELL,
    FAILED,
    /** Something below it failed, or is missing. */
    BLOCKED
  }

  /**
   * What an edge comes to.
   *
   * @param files what it makes, by path from the workspace's root
   * @param seen all it looks at, with the answers: the same again must not run again
   * @param said what it writes to its standard output
   * @param below the edges it needs, directly or not
   * @param read the paths it read, as the command spells them
   */
  record Made(
      State state,
      SortedMap<String, Node> files,
      String seen,
      String said,
      Set<Integer> below,
      Set<String> read) {}

  /**
   * A build that is to come.
   *
   * @param folder the build folder, from the workspace's root
   * @param sources what is visible and no product, by path from the workspace's root
   */
  Expected(
      Project project,
      String folder,
      SortedMap<String, Node> sources,
      Map<String, String> variables,
      boolean strict) {
    this.project = project;
    this.folder = folder;
    this.variables = variables;
    this.strict = strict;
    this.sources = new TreeMap<>(sources);
    project
        .makers()
        .forEach((out, recipe) -> {
          if (!recipe.isPhony()) {
            this.sources.remove(place(out));
            makers.put(place(out), recipe);
          }
        });
  }

  /** Where a path as commands spell it is, from the workspace's root. */
  String place(String path) {
    return Path.of(folder).resolve(path).normalize().toString();
  }

  /** All edges that came to be needed, by number. */
  Map<Integer, Made> made() {
    return made;
  }

  /** Builds these targets; a message if that cannot be begun. */
  Optional<String> build(List<String> targets) {
    Deque<String> wanted = new ArrayDeque<>(targets);
    Set<Integer> visited = new HashSet<>();
    while (!wanted.isEmpty()) {
      String path = wanted.remove();
      if (path.equals("all")) {
        wanted.addAll(project.outputs());
        continue;
      }
      Recipe recipe = project.makers().get(path);
      if (recipe == null) {
        return Optional.of("missing " + path);
      }
      if (!visited.add(recipe.id())) {
        continue;
      }
      wanted.addAll(recipe.validations());
      List<String> inputs = new ArrayList<>(recipe.inputs());
      inputs.addAll(recipe.orderOnly());
      for (String input : inputs) {
        if (project.makers().containsKey(input)) {
          wanted.add(input);
        } else if (!recipe.isPhony() && !exists(input)) {
          return Optional.of("missing " + input);
        }
      }
    }
    visited.forEach(id -> made(Objects.requireNonNull(project.recipes().get(id))));
    return Optional.empty();
  }

  private boolean exists(String path) {
    return resolved(place(path), this::source).isPresent();
  }

  private Optional<Node> source(String place) {
    Node node = sources.get(place);
    return Optional.ofNullable(node);
  }

  private Made made(Recipe recipe) {
    Made known = made.get(recipe.id());
    if (known != null) {
      return known;
    }
    Made fresh = new Evaluation(recipe).run();
    made.put(recipe.id(), fresh);
    return fresh;
  }

  /** What is at a place when links are followed. */
  private interface Look {
    Optional<Node> at(String place);
  }

  private static String kind(Node node) {
    return switch (node) {
      case Node.File file -> "";
      case Node.Link link -> "@";
      case Node.Folder folder -> "/";
    };
  }

  private static Optional<Node> resolved(String place, Look look) {
    String at = place;
    for (int links = 0; links < 8; links++) {
      Optional<Node> node = look.at(at);
      if (node.isEmpty() || !(node.get() instanceof Node.Link link)) {
        return node;
      }
      at = Path.of(at).resolveSibling(link.target()).normalize().toString();
    }
    return Optional.empty();
  }

  /** One edge's command, obeyed. */
  private final class Evaluation {
    private final Recipe recipe;
    private final Set<Integer> below = new TreeSet<>();
    private final List<String> seen = new ArrayList<>();
    private final Set<String> read = new TreeSet<>();
    private final StringBuilder said = new StringBuilder();
    private final StringBuilder depfile = new StringBuilder();
    private boolean blocked;
    private long v;

    Evaluation(Recipe recipe) {
      this.recipe = recipe;
    }

    Made run() {
      List<String> needed = new ArrayList<>(recipe.inputs());
      needed.addAll(recipe.orderOnly());
      needed.forEach(this::need);
      for (String path : recipe.dyndep()) {
        dyndep(path);
      }
      if (blocked) {
        return result(State.BLOCKED, new TreeMap<>());
      }
      if (recipe.isPhony()) {
        return result(State.WELL, new TreeMap<>());
      }
      return recipe.isScan() ? scan() : command();
    }

    private Made result(State state, SortedMap<String, Node> files) {
      return new Made(state, files, String.join("\n", seen), said.toString(), below, read);
    }

    private void need(String path) {
      Recipe maker = project.makers().get(path);
      if (maker != null) {
        need(maker);
      }
    }

    private void need(Recipe maker) {
      Made what = made(maker);
      blocked |= what.state() != State.WELL;
      below.add(maker.id());
      below.addAll(what.below());
    }

    /** What a dyndep file says: at most one more input. */
    private void dyndep(String path) {
      Recipe maker = project.makers().get(path);
      if (maker != null && made(maker).state() != State.WELL) {
        return; // it is not there to be read, and the edge waits for it
      }
      Optional<Node> node =
          maker == null
              ? source(place(path))
              : Optional.ofNullable(made(maker).files().get(place(path)));
      if (node.isEmpty() || !(node.get() instanceof Node.File file)) {
        stops = true;
        return;
      }
      String last = file.bytes().strip().lines().reduce("", (a, b) -> b);
      int bar = last.indexOf(" | ");
      if (!last.startsWith("build " + recipe.outs().getFirst() + ":")) {
        stops = true;
      } else if (bar > 0) {
        String input = last.substring(bar + 3);
        need(input);
        stops |= !project.makers().containsKey(input) && !exists(input);
      }
    }

    /** What is at a place in the eyes of this edge. */
    private Optional<Node> at(String place) {
      Recipe maker = makers.get(place);
      if (maker == null) {
        return source(place).or(() -> besides(place));
      }
      if (maker.id() == recipe.id()) {
        return Optional.empty();
      }
      if (!below.contains(maker.id())) {
        if (strict) {
          return Optional.empty();
        }
        seen.add(LEARNT + maker.id());
        need(maker);
      }
      return Optional.ofNullable(made(maker).files().get(place));
    }

    /** What edges below made besides what they declare; and folders. */
    private Optional<Node> besides(String place) {
      for (int id : below) {
        Made what = Objects.requireNonNull(made.get(id));
        if (what.files().containsKey(place)) {
          return Optional.ofNullable(what.files().get(place));
        }
      }
      boolean holdsOutputs = makers.keySet().stream().anyMatch(out -> out.startsWith(place + "/"));
      return holdsOutputs || !names(place).isEmpty()
          ? Optional.of(new Node.Folder())
          : Optional.empty();
    }

    private Set<String> names(String place) {
      Set<String> names = new TreeSet<>();
      String prefix = place + "/";
      List<SortedMap<String, Node>> all = new ArrayList<>(List.of(sources));
      below.forEach(id -> all.add(Objects.requireNonNull(made.get(id)).files()));
      for (SortedMap<String, Node> files : all) {
        for (String path : files.keySet()) {
          if (path.startsWith(prefix)) {
            names.add(path.substring(prefix.length()).replaceFirst("/.*", ""));
          }
        }
      }
      return names;
    }

    private Made scan() {
      String from = recipe.inputs().getFirst();
      Content content = content(from);
      String more = content.next().isEmpty() ? "" : " | " + content.next();
      String text = "ninja_dyndep_version = 1\nbuild " + recipe.target() + ": dyndep" + more + "\n";
      return result(State.WELL, new TreeMap<>(Map.of(place(recipe.outs().getFirst()), file(text))));
    }

    private Made command() {
      v = (long) project.base() + recipe.salt();
      seen.add("V=" + variables.getOrDefault("V", ""));
      for (String op : recipe.ops()) {
        if (!obey(op)) {
          return result(blocked ? State.BLOCKED : State.FAILED, new TreeMap<>());
        }
      }
      if (blocked) {
        return result(State.BLOCKED, new TreeMap<>());
      }
      SortedMap<String, Node> files = new TreeMap<>();
      for (int i = 0; i < recipe.outs().size(); i++) {
        boolean executable = recipe.has("exe") && i == 0;
        files.put(
            place(recipe.outs().get(i)),
            Node.File.of(
                ((v + i) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII), executable));
      }
      if (recipe.writesDepfile() && !recipe.has("gcc")) {
        files.put(place(recipe.depfile()), file(recipe.outs().getFirst() + ":" + depfile + "\n"));
      }
      return result(State.WELL, files);
    }

    private static Node.File file(String text) {
      return Node.File.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), false);
    }

    private void mix(long t) {
      v = (v * 31 + t) % MODULUS;
    }

    /** False if the command ends here. */
    private boolean obey(String op) {
      String argument = Recipe.argument(op);
      switch (op.charAt(0)) {
        case 'R' -> recipe.inputs().forEach(this::chain);
        case 'r' -> chain(argument);
        case 'e' -> mix(looked(argument).isPresent() ? 1 : 2);
        case 'd' -> mix(looked(argument).filter(Node.Folder.class::isInstance).isPresent() ? 1 : 2);
        case 'x' -> mix(looked(argument).filter(Evaluation::isExecutable).isPresent() ? 1 : 2);
        case 'h' ->
            mix(
                note(argument, at(place(argument))).filter(Node.Link.class::isInstance).isPresent()
                    ? 1
                    : 2);
        case 'l' -> list(argument);
        case 'c' -> v %= Long.parseLong(argument);
        case 'V' -> mix(Long.parseLong(variables.getOrDefault("V", "0")));
        case 'q' -> {
          seen.add("rsp " + recipe.responseNumber());
          mix(recipe.responseNumber());
        }
        case 'f', 'F' -> {
          return blocked || v % Long.parseLong(argument) != 0;
        }
        case 's' -> said.append("said ").append(v).append('\n');
        default -> throw new IllegalArgumentException("no operation: " + op);
      }
      return true;
    }

    private static boolean isExecutable(Node node) {
      return node instanceof Node.Folder || (node instanceof Node.File file && file.executable());
    }

    private Optional<Node> looked(String path) {
      Optional<Node> itself = at(place(path));
      if (itself.isEmpty() || !(itself.get() instanceof Node.Link)) {
        return note(path, itself);
      }
      note(path, itself);
      return note(path, resolved(place(path), this::at));
    }

    private Optional<Node> note(String path, Optional<Node> node) {
      seen.add(path + " " + node.map(Node::toString).orElse("absent"));
      return node;
    }

    /** What a file holds: a number, and perhaps the path to read next. */
    private record Content(long number, String next) {}

    private Content content(String path) {
      Optional<Node> node = looked(path);
      if (node.isEmpty() || !(node.get() instanceof Node.File file)) {
        return new Content(7, "");
      }
      read.add(path);
      depfile.append(' ').append(path);
      String[] words = file.bytes().lines().findFirst().orElse("").strip().split(" ", 2);
      return new Content(
          words[0].isEmpty() ? 7 : Long.parseLong(words[0]), words.length > 1 ? words[1] : "");
    }

    private void chain(String first) {
      String path = first;
      for (int n = 0; n < CHAIN && !path.isEmpty(); n++) {
        Content content = content(path);
        mix(content.number());
        path = content.next();
      }
    }

    private void list(String folder) {
      Set<String> names = new TreeSet<>(names(place(folder)));
      names.removeIf(name -> name.startsWith("."));
      Path response = Path.of(place(recipe.responseFile()));
      if (recipe.ops().contains("q") && Path.of(place(folder)).equals(response.getParent())) {
        names.add(response.getFileName() + "");
      }
      List<String> kinds =
          names.stream()
              .map(name -> name + at(place(folder + "/" + name)).map(Expected::kind).orElse(""))
              .toList();
      seen.add(folder + " has " + kinds);
      if (names.isEmpty()) {
        mix(folder.length() + 2L);
      }
      names.forEach(name -> mix(folder.length() + 1L + name.length()));
    }
  }
}
