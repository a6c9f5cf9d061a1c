package dev.bricolage.execute;

import dev.bricolage.action.Command;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which programs are remembered one by one wherever a build starts them: compilers, assemblers,
 * linkers, archivers and generators of code. What one of them starts itself is part of it: the
 * driver of a compiler is remembered, not its passes.
 *
 * @param caught physical paths of all that are caught
 * @param never those among them that are never remembered
 * @param fresh whether all of them run
 */
record InnerTools(List<String> caught, Set<String> never, boolean fresh) {
  /** Names, with what distributions put before (the target) and behind (the version). */
  private static final Pattern USUAL =
      Pattern.compile(
          "(?:[a-z0-9_]+-[a-z0-9_]+-(?:[a-z0-9_]+-)?)?"
              + "(?:cc|c\\+\\+|gcc|g\\+\\+|cpp|clang|clang\\+\\+|gfortran|gnat|gdc"
              + "|as|ld|ld\\.bfd|ld\\.gold|ld\\.lld|ar|ranlib|gcc-ar|gcc-ranlib|strip|objcopy"
              + "|rustc|ghc|protoc|flex|bison|javac)"
              + "(?:-[0-9.]+)?");

  /** Go's tools have names of everybody's, in folders of their own. */
  private static final Pattern GO = Pattern.compile("compile|link|asm|cgo");

  /** Where such programs are, besides the command's own PATH. */
  private static final List<String> FOLDERS = List.of("/usr/bin", "/usr/local/bin");

  /** Where JDKs are that nobody's PATH leads to. */
  private static final String JDKS = "/usr/lib/jvm";

  private static final List<String> GO_TOOLS =
      List.of("/usr/lib/go/pkg/tool", "/usr/local/go/pkg/tool");

  private static final int ANY_EXECUTE = 0111;

  /** A folder whose clock has not ticked since may have changed unseen. */
  private static final long TICK = Duration.ofMillis(20).toNanos();

  /** A folder's names, as long as it is not changed, and those that a pattern was seen to match. */
  private record Names(Stat at, List<String> names, Map<String, List<String>> matching) {
    static Names of(Stat at, List<String> names) {
      return new Names(at, List.copyOf(names), new ConcurrentHashMap<>());
    }

    /** A folder of programs has thousands of names, and every run asks. */
    List<String> matching(Pattern pattern) {
      return matching.computeIfAbsent(
          pattern.pattern(),
          text -> names.stream().filter(name -> pattern.matcher(name).matches()).toList());
    }
  }

  private static final Map<Path, Names> LISTED = new ConcurrentHashMap<>();

  private static final RealPaths REAL = new RealPaths();

  /** The tools that this command can see, of all that the workspace wants to be caught. */
  static InnerTools of(Command command, List<String> shown, Toolset toolset) throws IOException {
    if (toolset.isEmpty()) {
      return new InnerTools(List.of(), Set.of(), toolset.fresh());
    }
    Set<Path> folders = new LinkedHashSet<>();
    FOLDERS.forEach(folder -> folders.add(Path.of(folder)));
    for (String folder : command.environment().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(folder));
    }
    Search search = new Search(shown, REAL.look());
    Set<String> caught = new TreeSet<>(search.named(USUAL, folders));
    caught.addAll(search.named(Pattern.compile("javac"), jdks(command)));
    caught.addAll(search.named(GO, goTools()));
    caught.addAll(search.all(toolset.added(), folders));
    caught.removeAll(search.all(toolset.removed(), folders));
    Set<String> never = search.all(toolset.never(), folders);
    caught.addAll(never);
    return new InnerTools(List.copyOf(caught), never, toolset.fresh());
  }

  private static Set<Path> jdks(Command command) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path jdk : below(Path.of(JDKS))) {
      folders.add(jdk.resolve("bin"));
    }
    String home = command.environment().getOrDefault("JAVA_HOME", "");
    if (!home.isEmpty()) {
      folders.add(Path.of(home, "bin"));
    }
    return folders;
  }

  private static Set<Path> goTools() throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (String tools : GO_TOOLS) {
      folders.addAll(below(Path.of(tools)));
    }
    return folders;
  }

  private static List<Path> below(Path folder) throws IOException {
    return names(folder).names().stream().map(folder::resolve).toList();
  }

  /** A look for files; those that the sandbox does not show are none. */
  private record Search(List<String> shown, RealPaths.Look links) {
    Set<String> named(Pattern pattern, Set<Path> folders) throws IOException {
      Set<String> found = new TreeSet<>();
      for (Path folder : folders) {
        for (String name : names(folder).matching(pattern)) {
          add(folder.resolve(name), found);
        }
      }
      return found;
    }

    Set<String> all(List<String> wanted, Set<Path> folders) throws IOException {
      Set<String> found = new TreeSet<>();
      for (String want : wanted) {
        if (want.startsWith("/")) {
          add(Path.of(want), found);
        } else {
          found.addAll(named(glob(want), folders));
        }
      }
      return found;
    }

    private void add(Path name, Set<String> found) throws IOException {
      Optional<String> real = links.real(name);
      if (real.isPresent() && isShown(real.get()) && isProgram(Stat.of(real.get()))) {
        found.add(real.get());
      }
    }

    private boolean isShown(String path) {
      return shown.stream().anyMatch(root -> path.startsWith(root + "/"));
    }

    private static boolean isProgram(Stat stat) {
      return stat.isFile() && (stat.mode() & ANY_EXECUTE) != 0;
    }
  }

  private static Pattern glob(String name) {
    return Pattern.compile(
        Stream.of(name.split("\\*", -1))
            .map(Pattern::quote)
            .reduce((left, right) -> left + ".*" + right)
            .orElseThrow());
  }

  private static Names names(Path folder) throws IOException {
    Stat now = folder.isAbsolute() ? Stat.following(folder) : Stat.ABSENT;
    if (!now.isDirectory()) {
      return Names.of(now, List.of());
    }
    Names known = LISTED.get(folder);
    if (known != null && known.at().sameContent(now)) {
      return known;
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    Names listed = Names.of(now, names);
    if (Instant.now().toEpochMilli() * 1_000_000 - now.ctime() > TICK) {
      LISTED.put(folder, listed);
    }
    return listed;
  }
}
