package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What a build sees at this moment: the machine, its workspace with all that it has made so far,
 * and its private folders.
 */
final class BuildView implements View {
  /** Places of a sandbox's own that a build can write to. */
  static final List<String> PRIVATE = List.of("/tmp", "/var/tmp", "/dev/shm", Machine.HOME);

  /**
   * Where each JVM shows its counters while it runs, in a file named by its number, and clears away
   * those of dead ones. Only {@code jps} and its like read them; no result depends on them.
   */
  private static final String JVM_COUNTERS = "/tmp/hsperfdata_";

  /** Ticks are longer, and whoever waits is about to start a compiler. */
  private static final Duration CLOCK_POLL = Duration.ofNanos(500_000);

  private final Build build;
  private final Path root;
  private final Map<PathFact, PathFact.Answer> told = new LinkedHashMap<>();

  /**
   * A running build.
   *
   * @param mount where its workspace appears
   * @param inputs what it started from
   * @param upper the folder that takes what it changes
   * @param hostRoots the machine's folders it sees
   * @param machine what was answered about these so far, for all threads
   */
  record Build(
      String mount,
      Tree inputs,
      Path upper,
      List<String> hostRoots,
      PathFacts host,
      FileDigests digests,
      ConcurrentMap<PathFact, PathFact.Answer> machine) {}

  /**
   * A view.
   *
   * @param root the build's own root, as the daemon can open it
   */
  BuildView(Build build, Path root) {
    this.build = build;
    this.root = root;
  }

  @Override
  public List<String> answers(List<Question> questions) throws IOException {
    List<String> answers = new ArrayList<>(questions.size());
    for (Question question : questions) {
      Optional<PathFact> fact = FactKey.fact(question);
      answers.add(fact.isPresent() ? recalled(fact.get()).text() : UNANSWERABLE);
    }
    return answers;
  }

  /**
   * What a result in memory is compared with. Of the machine it is what the build was told first:
   * its tools ask for the same headers over and over. A machine that changes under the build makes
   * the build one that is not remembered, and what a tool that runs has seen is asked anew.
   */
  private PathFact.Answer recalled(PathFact fact) throws IOException {
    PathFact.Answer known = build.machine().get(fact);
    if (known == null) {
      return answer(fact);
    }
    told.put(fact, known);
    return known;
  }

  /** The answer now, kept as what this view has told. */
  PathFact.Answer answer(PathFact fact) throws IOException {
    boolean hosts = isHosts(fact.path());
    PathFact.Answer answer = hosts ? hosts(fact) : here(fact.kind(), fact.path());
    told.put(fact, answer);
    if (hosts) {
      build.machine().putIfAbsent(fact, answer);
    }
    return answer;
  }

  private PathFact.Answer hosts(PathFact fact) throws IOException {
    return Machine.replaces(fact.path()) ? Runs.OWN : build.host().answer(fact);
  }

  /** All that was answered so far. */
  Map<PathFact, PathFact.Answer> told() {
    return told;
  }

  boolean isHosts(String path) {
    return !isBelow(path, build.mount())
        && build.hostRoots().stream().anyMatch(root -> isBelow(path, root));
  }

  /** Whether a path lies where contents are not fixed by the sandbox itself. */
  boolean shows(String path) {
    return isChangeable(path) || isHosts(path);
  }

  /** Whether a build can change what is there. */
  boolean isChangeable(String path) {
    return !path.startsWith(JVM_COUNTERS) && isBelowChangeable(path);
  }

  private boolean isBelowChangeable(String path) {
    return isBelow(path, build.mount()) || PRIVATE.stream().anyMatch(root -> isBelow(path, root));
  }

  /** Where the daemon finds a path of the build. */
  Path real(String path) {
    return root.resolve(path.substring(1));
  }

  /** The file as it is under way, where its identity outlasts the build's mounts. */
  private Optional<Path> made(String path) throws IOException {
    if (!isBelow(path, build.mount()) || path.equals(build.mount())) {
      return Optional.empty();
    }
    Path made = build.upper().resolve(path.substring(build.mount().length() + 1));
    return Stat.of(made).isFile() ? Optional.of(made) : Optional.empty();
  }

  /** Whether a file of the build has other names: what is written into it shows under them too. */
  boolean hasOtherNames(String path) throws IOException {
    Path file = isBelow(path, build.mount()) ? made(path).orElse(build.upper()) : real(path);
    Stat stat = Stat.of(file);
    return stat.isFile() && stat.links() > 1;
  }

  /**
   * When the build last changed what is at this path; nanoseconds since 1970, 0 for a source. (A
   * source is a link to a blob, whose change time is that of its latest link.)
   */
  long changedAt(String path) throws IOException {
    if (!isBelow(path, build.mount()) || path.equals(build.mount())) {
      return time(Stat.of(real(path)));
    }
    return time(Stat.of(build.upper().resolve(path.substring(build.mount().length() + 1))));
  }

  private static long time(Stat stat) {
    return stat.exists() ? stat.ctime() : 0;
  }

  /**
   * Waits until the clock that dates the build's files has left {@code instant} behind. Files that
   * changed before it are dated earlier than what is returned, those that change from now on are
   * not. Most kernels' clock has ticks of 1 to 10 ms; since 6.13 a date that was looked at gets a
   * successor of its own, and there is nothing to wait for.
   *
   * @return nanoseconds since 1970
   */
  long clockAfter(Instant instant) throws IOException, InterruptedException {
    long left = instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    Path probe = build.upper().resolveSibling("clock");
    while (true) {
      long now = dated(probe);
      if (now > left) {
        return now;
      }
      Thread.sleep(CLOCK_POLL);
    }
  }

  private static long dated(Path probe) throws IOException {
    try {
      Files.createFile(probe);
    } catch (FileAlreadyExistsException again) {
      HostFiles.setTimes(HostFiles.bytes(probe), HostFiles.NOW, HostFiles.NOW);
    }
    return Stat.of(probe).ctime();
  }

  private PathFact.Answer here(PathFact.Kind kind, String path) throws IOException {
    try {
      Stat stat = Stat.of(real(path));
      return switch (stat.type()) {
        case ABSENT -> PathFact.Answer.ABSENT;
        case OTHER -> PathFact.Answer.OTHER;
        case SYMLINK -> PathFact.Answer.link(link(real(path)));
        case DIRECTORY -> kind == PathFact.Kind.LIST ? listing(real(path)) : PathFact.Answer.FOLDER;
        case FILE ->
            kind == PathFact.Kind.CONTENT
                ? PathFact.Answer.content(digest(path, stat), stat.executable())
                : PathFact.Answer.file(stat.size(), stat.executable());
      };
    } catch (NoSuchFileException vanished) {
      return PathFact.Answer.ABSENT;
    } catch (AccessDeniedException denied) {
      return PathFact.Answer.DENIED;
    } catch (FileSystemException e) {
      if (passesLink(path)) {
        return PathFact.Answer.ABSENT; // since it was asked a folder has become a link, to itself
      }
      throw e;
    }
  }

  private boolean passesLink(String path) {
    for (Path above = real(path).getParent();
        above != null && !above.equals(root);
        above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        return true;
      }
    }
    return false;
  }

  static String link(Path path) throws IOException {
    return new String(HostFiles.readLink(HostFiles.bytes(path)), StandardCharsets.UTF_8);
  }

  /** A source's digest is in the snapshot; a product is read where its identity lasts. */
  private Digest digest(String path, Stat stat) throws IOException {
    Optional<Path> made = made(path);
    if (made.isPresent()) {
      return build.digests().digest(made.get(), Stat.of(made.get()));
    }
    if (isBelow(path, build.mount())) {
      TreePath inside = TreeFacts.within(path, build.mount());
      if (build.inputs().at(inside).orElse(new Entry.Folder()) instanceof Entry.File file) {
        return file.digest();
      }
    }
    return build.digests().digest(real(path), stat);
  }

  private static PathFact.Answer listing(Path folder) throws IOException {
    return listing(names(folder));
  }

  /** What a listing of these names, their bytes taken as Latin-1, is told as. */
  static PathFact.Answer listing(Map<String, Stat.Type> names) {
    Listing listing = new Listing();
    names.forEach((name, type) -> {
      switch (type) {
        case FILE -> listing.file(name);
        case DIRECTORY -> listing.folder(name);
        case SYMLINK -> listing.link(name);
        case OTHER, ABSENT -> listing.other(name);
      }
    });
    return listing.answer();
  }

  private static Map<String, Stat.Type> names(Path folder) throws IOException {
    Map<String, Stat.Type> names = new TreeMap<>();
    for (HostFiles.Name entry : HostFiles.list(HostFiles.bytes(folder))) {
      names.put(new String(entry.bytes(), StandardCharsets.ISO_8859_1), entry.type());
    }
    return names;
  }

  /** The names in a folder of the build, or nothing when no folder is there. */
  Optional<Map<String, Stat.Type>> names(String path) throws IOException {
    return isChangeable(path) && Stat.of(real(path)).isDirectory()
        ? Optional.of(names(real(path)))
        : Optional.empty();
  }

  static boolean isBelow(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }
}
