package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.PathFacts;
import dev.bricolage.execute.Runs;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.fronts.ninja.act.Acts;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.mount.Mount;
import dev.bricolage.fronts.ninja.standing.Standing;
import dev.bricolage.fronts.ninja.standing.Standings;
import dev.bricolage.fronts.ninja.standing.Still;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.memo.View;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.Products;
import dev.bricolage.store.host.Stat;
import dev.bricolage.workspace.Download;
import dev.bricolage.workspace.Environment;
import dev.bricolage.workspace.FileCache;
import dev.bricolage.workspace.Settings;
import dev.bricolage.workspace.UnderWay;
import dev.bricolage.workspace.Visibility;
import dev.bricolage.workspace.Workspace;
import dev.bricolage.workspace.WorkspaceFacts;
import dev.bricolage.workspace.WorkspaceSnapshot;
import dev.bricolage.workspace.WriteBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Builds targets of a manifest. One serves all requests. */
public final class Builder {
  private final Runs runs;
  private final Blobs blobs;
  private final FileDigests digests;
  private final Products products;
  private final UnderWay underWay;
  private final Visibility.Sources sources;
  private final Standings standings = new Standings();
  private final FileCache<Settings> settings = new FileCache<>(Settings::read);
  private final Map<Manifest, ManifestPaths> paths =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** A builder over these parts. */
  public Builder(
      Runs runs, Blobs blobs, FileDigests digests, Products products, UnderWay underWay) {
    this.runs = runs;
    this.blobs = blobs;
    this.digests = digests;
    this.products = products;
    this.underWay = underWay;
    this.sources = new Visibility.Sources(products);
  }

  /** The digest of a file, where it can be known. */
  public Optional<Digest> digest(Path file) {
    try {
      Stat stat = Stat.following(file);
      return stat.isFile() ? Optional.of(digests.digest(file, stat)) : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Folders of the machine that every command sees. */
  public List<String> machineFolders() {
    return runs.machineFolders();
  }

  /**
   * How to build.
   *
   * @param jobs how many edges run side by side, at least 1
   * @param keepGoing how many may fail before no more are started; 0 for any number
   * @param load from which load of the machine on no edge is started beside others; 0: any
   * @param dryRun whether it only tells what it would do; generators are left out of that
   * @param fresh whether every edge runs, known or not
   * @param strict whether an edge that looks for what another edge makes must have said so
   * @param debug what {@code -d} asks
   * @param users the user's environment
   * @param acts who carries out generators, and what is asked for its effect
   * @param download which outputs come into the workspace
   */
  public record Options(
      int jobs,
      int keepGoing,
      double load,
      boolean dryRun,
      boolean fresh,
      boolean strict,
      Debug debug,
      Map<String, String> users,
      Acts acts,
      Download download) {
    /** A generator goes by what lies in the workspace. */
    Options downloadingAll() {
      return new Options(
          jobs, keepGoing, load, dryRun, fresh, strict, debug, users, acts, Download.ALL);
    }
  }

  /**
   * The folder a manifest is for, with the workspace around it.
   *
   * @param shared whether commands are to see the workspace at the same path in every checkout; its
   *     settings may say so, too
   * @param warnings hears why they cannot
   */
  public BuildFolder folder(
      Path directory,
      Manifest manifest,
      Optional<Path> home,
      boolean shared,
      Consumer<String> warnings)
      throws NinjaError, IOException {
    Path real = directory.toRealPath();
    ManifestPaths known = paths.get(manifest);
    if (known == null || !known.folder().equals(real)) {
      known = ManifestPaths.of(real, manifest, machineFolders());
      paths.put(manifest, known);
    }
    return BuildFolder.of(
        known,
        home,
        root -> {
          boolean asked = shared || settings(root).sharedPath();
          Optional<String> hindrance = asked ? Mount.hindrance(root) : Optional.empty();
          hindrance.ifPresent(why ->
              warnings.accept(
                  "commands see the workspace at "
                      + root
                      + ", not at a path that all"
                      + " checkouts share: "
                      + why));
          return asked && hindrance.isEmpty() ? Mount.shared(root) : Mount.own(root);
        });
  }

  private Settings settings(Path root) throws IOException {
    Path file = root.resolve(Workspace.MARKER);
    Stat stat = Stat.following(file);
    return stat.isFile() && stat.size() > 0 ? settings.get(file, stat) : Settings.NONE;
  }

  /**
   * Builds.
   *
   * @throws NinjaError when it cannot be begun: a cycle, a missing source
   * @throws Stopped when not all was made
   * @throws InterruptedException when the thread is interrupted; edges under way are then killed
   */
  public void build(
      BuildFolder folder, Manifest manifest, Ints targets, Options options, Teller teller)
      throws NinjaError, Stopped, IOException, InterruptedException {
    if (options.dryRun()) {
      Tree sources = seen(folder, manifest, options).sources();
      Build build = build(folder, manifest, targets, sources, options);
      new DryRun(plan(build, Dyndeps.of(build)), build, teller).run(targets);
      return;
    }
    generate(folder, manifest, targets, options, teller);
    Standings.Place place = place(folder, options);
    Standing standing = standing(place, folder, manifest, options);
    if (!options.debug().missingDeps() && isUpToDate(place, standing, folder, targets, options)) {
      return;
    }
    Seen seen = seen(folder, manifest, options);
    Build build = build(folder, manifest, targets, seen.sources(), options, standing);
    Plan plan = plan(build, Dyndeps.of(build));
    LoadLimit limit = LoadLimit.ofMachine(options.load());
    Schedule schedule =
        new Schedule(plan, build, teller, options.jobs(), limit, options.keepGoing());
    Logs logs = new Logs(folder, build.needs());
    try {
      schedule.run(targets);
      build.settling().whole(targets, plan.edges());
    } finally {
      Undisturbed.run(() -> logs.enter(cameHome(schedule, build.homecoming())));
      standings.put(place, build.settling().ended(entered(schedule), seen.named(), logs.places()));
    }
  }

  /** Plain ninja is told of what lies in the workspace. */
  private static List<Ended> cameHome(Schedule schedule, Homecoming homecoming) {
    return schedule.ended().stream().filter(ended -> homecoming.takes(ended.edge())).toList();
  }

  private static Set<Integer> entered(Schedule schedule) {
    return schedule.ended().stream().map(Ended::edge).collect(Collectors.toSet());
  }

  private Standings.Place place(BuildFolder folder, Options options) {
    return new Standings.Place(
        folder.folder(), folder.mount(), environment(options), options.strict());
  }

  /** What is known of the folder; nothing, if somebody else has built in it. */
  private Standing standing(
      Standings.Place place, BuildFolder folder, Manifest manifest, Options options)
      throws NinjaError, IOException {
    Standing nothing = Standing.nothing(manifest);
    Standing known = options.fresh() ? nothing : standings.of(place, manifest);
    return new Logs(folder, new Needs(manifest)).lieAs(known.logs()) ? known : nothing;
  }

  /** Whether nothing changed that the last build of these targets rests on. Nothing is stored. */
  private boolean isUpToDate(
      Standings.Place place, Standing standing, BuildFolder folder, Ints targets, Options options)
      throws IOException, InterruptedException {
    Optional<Path> ignores = Visibility.globalIgnore(options.users());
    Optional<Still> still =
        standings
            .still(place, targets)
            .filter(known -> known.isOf(standing, folder.workspace(), ignores));
    if (still.isPresent() && still.get().lasts(products.changes())) {
      return true;
    }
    Optional<Ints> edges = standing.plan(targets);
    if (edges.isEmpty()) {
      return false;
    }
    long since = Instant.now().toEpochMilli() * 1_000_000L;
    long changes = products.changes();
    UpToDate look = upToDate(standing, folder, edges.get(), options);
    if (!look.is()) {
      return false;
    }
    look.still(since)
        .ifPresent(files ->
            standings.still(
                place, targets, new Still(standing, folder.workspace(), ignores, changes, files)));
    return true;
  }

  private UpToDate upToDate(Standing standing, BuildFolder folder, Ints edges, Options options) {
    Needs needs = new Needs(standing.manifest());
    Visibility visibility = visibility(folder, options, standing.named().besides());
    Sources own =
        new Sources(folder, standing.manifest(), products, new AtHome(folder, needs, digests));
    PathFacts live =
        new WorkspaceFacts(
            folder.workspace(), visibility, digests, folder.mount().at(), own.hidden());
    return new UpToDate(
        standing,
        folder,
        edges,
        AtHome.still(folder, needs, digests),
        visibility,
        own,
        runs.view(anyCommand(folder, options), live, folder.mount().alias()),
        missing -> isSomebodys(folder, missing));
  }

  /** Where to install is for acts alone; no compiler shall run again for it. */
  private static SortedMap<String, String> environment(Options options) {
    SortedMap<String, String> environment =
        new TreeMap<>(Environment.of(options.users(), Map.of()));
    environment.remove("DESTDIR");
    return environment;
  }

  /** All commands of a build are shown the same folders. */
  private Command anyCommand(BuildFolder folder, Options options) {
    return new Command(
        List.of("/bin/sh"), environment(options), folder.directory(), folder.platform(runs));
  }

  /**
   * Makes the manifest itself again, if what it was made of is newer. It must be read again then.
   *
   * @param file the manifest's name
   * @return whether it was made again
   * @throws Stopped when what makes it failed, which was told
   */
  public boolean regenerate(
      BuildFolder folder, Manifest manifest, String file, Options options, Teller teller)
      throws NinjaError, Stopped, IOException, InterruptedException {
    int path = manifest.findPath(Manifest.canonical(file));
    int edge = path == Manifest.NONE ? Manifest.NONE : manifest.producer(path);
    if (edge == Manifest.NONE || options.dryRun()) {
      return false;
    }
    Build build = build(folder, manifest, Ints.of(), Tree.EMPTY, options);
    plan(build, Dyndeps.none(build)).need(path);
    Regeneration regeneration = regeneration(build, manifest, options, teller);
    return switch (regeneration.refresh(edge)) {
      case UP_TO_DATE -> false;
      case RAN -> true;
      case FAILED -> throw Stopped.failed(options.keepGoing(), true);
    };
  }

  /** Runs the generators among what is needed, if what they go by is newer. */
  private void generate(
      BuildFolder folder, Manifest manifest, Ints targets, Options options, Teller teller)
      throws NinjaError, Stopped, IOException, InterruptedException {
    if (folder.paths().lateGenerators().isEmpty()) {
      return;
    }
    Build build = build(folder, manifest, targets, Tree.EMPTY, options);
    Plan plan = plan(build, Dyndeps.none(build));
    Regeneration regeneration = regeneration(build, manifest, options, teller);
    for (int target : targets.stream().toArray()) {
      for (int edge : plan.need(target)) {
        boolean generator = folder.paths().lateGenerators().contains(edge);
        if (generator && regeneration.refresh(edge) == Regeneration.Result.FAILED) {
          throw Stopped.failed(options.keepGoing(), true);
        }
      }
    }
  }

  private Regeneration regeneration(
      Build build, Manifest manifest, Options options, Teller teller) {
    return new Regeneration(
        build,
        teller,
        targets -> build(build.folder(), manifest, targets, options.downloadingAll(), teller));
  }

  private Plan plan(Build build, Dyndeps dyndeps) {
    Sources sources =
        new Sources(build.folder(), build.needs().manifest(), products, build.atHome());
    return new Plan(build.needs(), path -> isSource(build, sources, path), dyndeps);
  }

  /** What no edge makes any more is none, though it may still lie there. */
  private static boolean isSource(Build build, Sources sources, String path) {
    BuildFolder folder = build.folder();
    Optional<TreePath> place = folder.place(path);
    if (place.filter(build.world()::hasSource).isPresent()) {
      return true;
    }
    return Files.exists(folder.onDisk(path)) && place.filter(sources::isLeftBehind).isEmpty();
  }

  private Build build(
      BuildFolder folder, Manifest manifest, Ints targets, Tree sources, Options options) {
    Needs needs = new Needs(manifest);
    return build(folder, needs, targets, sources, Settling.anew(needs, blobs), options);
  }

  /** Goes on from what is known of the folder. */
  private Build build(
      BuildFolder folder,
      Manifest manifest,
      Ints targets,
      Tree sources,
      Options options,
      Standing standing)
      throws NinjaError, IOException, InterruptedException {
    Needs needs = new Needs(manifest);
    View today =
        runs.view(
            anyCommand(folder, options),
            new TreeFacts(sources, folder.mount().at()),
            folder.mount().alias());
    Settling settling = Settling.after(standing, needs, blobs, today);
    settling.findAgain();
    return build(folder, needs, targets, sources, settling, options);
  }

  private Build build(
      BuildFolder folder,
      Needs needs,
      Ints targets,
      Tree sources,
      Settling settling,
      Options options) {
    return new Build(
        folder,
        needs,
        new World(needs, sources),
        settling,
        new AtHome(folder, needs, digests),
        Homecoming.of(options.download(), needs, targets),
        runs,
        blobs,
        products,
        options.acts(),
        environment(options),
        options.fresh(),
        options.strict(),
        options.debug(),
        before -> way(folder, before),
        System.nanoTime());
  }

  private WriteBack way(BuildFolder folder, Optional<Tree> before) {
    return new WriteBack(
        folder.workspace(),
        folder.mount().root(), // what comes home names the checkout's own path by then
        blobs,
        digests,
        products,
        underWay,
        before);
  }

  /** What a build begins with. */
  private record Seen(Tree sources, Standing.Named named) {}

  /** The workspace as it is now, whatever happens to it while it is built. */
  private Seen seen(BuildFolder folder, Manifest manifest, Options options) throws IOException {
    Tree visible = visible(folder, options, List.of());
    List<TreePath> besides = new ArrayList<>();
    List<TreePath> missing = new ArrayList<>();
    for (Path path : folder.paths().outside()) {
      Optional<TreePath> place = folder.workspace().locate(path);
      if (place.isPresent()
          && visible.at(place.get()).isEmpty()
          && folder.made(path.toString()).isEmpty()) {
        (isSomebodys(folder, place.get()) ? besides : missing).add(place.get());
      }
    }
    Tree all = besides.isEmpty() ? visible : visible(folder, options, besides);
    AtHome atHome = new AtHome(folder, new Needs(manifest), digests);
    return new Seen(
        new Sources(folder, manifest, products, atHome).of(all),
        new Standing.Named(List.copyOf(besides), List.copyOf(missing)));
  }

  /** Whether a file is there that no build has made. */
  private boolean isSomebodys(BuildFolder folder, TreePath place) throws IOException {
    return products.get(folder.workspace().id(), place).isEmpty()
        && Stat.of(folder.workspace().resolve(place)).exists();
  }

  private Tree visible(BuildFolder folder, Options options, List<TreePath> besides)
      throws IOException {
    return WorkspaceSnapshot.take(
        folder.workspace(), visibility(folder, options, besides), digests, blobs);
  }

  private Visibility visibility(BuildFolder folder, Options options, List<TreePath> besides) {
    List<TreePath> shown = new ArrayList<>(besides);
    shown.add(folder.inside());
    return new Visibility(
        folder.workspace(),
        sources,
        Visibility.globalIgnore(options.users()),
        shown,
        List.of(),
        folder.inside());
  }
}
