package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.FileDigests;
import dev.bricolage.store.Products;
import dev.bricolage.workspace.Environment;
import dev.bricolage.workspace.UnderWay;
import dev.bricolage.workspace.Visibility;
import dev.bricolage.workspace.WorkspaceSnapshot;
import dev.bricolage.workspace.WriteBack;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds targets of a manifest. One serves all requests. */
public final class Builder {
  private final Runs runs;
  private final Blobs blobs;
  private final FileDigests digests;
  private final Products products;
  private final UnderWay underWay;
  private final Visibility.Sources sources;

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
   * @param users the user's environment
   */
  public record Options(
      int jobs,
      int keepGoing,
      double load,
      boolean dryRun,
      boolean fresh,
      boolean strict,
      Map<String, String> users) {}

  /**
   * Builds.
   *
   * @return whether every edge ended well
   * @throws NinjaError when it cannot be begun: a cycle, a missing source
   * @throws InterruptedException when the thread is interrupted; edges under way are then killed
   */
  public boolean build(
      BuildFolder folder, Manifest manifest, Ints targets, Options options, Teller teller)
      throws NinjaError, IOException, InterruptedException {
    if (!options.dryRun() && !generated(folder, manifest, targets, options, teller)) {
      return false;
    }
    Set<TreePath> made = new HashSet<>(products.of(folder.workspace().id()).keySet());
    Tree sources = Sources.of(visible(folder, options), folder, manifest, made);
    Build build = build(folder, manifest, sources, options);
    Plan plan = new Plan(build.needs(), path -> Files.exists(folder.onDisk(path)));
    if (options.dryRun()) {
      new DryRun(plan, build, digests, teller).run(targets);
      return true;
    }
    LoadLimit limit = LoadLimit.ofMachine(options.load());
    Schedule schedule =
        new Schedule(plan, build, teller, options.jobs(), limit, options.keepGoing());
    try {
      schedule.run(targets);
    } finally {
      new Logs(folder, build.needs()).enter(schedule.ended());
    }
    return !schedule.failed();
  }

  /**
   * Makes the manifest itself again, if what it was made of is newer. It must be read again then.
   *
   * @param file the manifest's name
   * @return whether it was made again
   * @throws GeneratorFailed when what makes it failed, which was told
   */
  public boolean regenerate(
      BuildFolder folder, Manifest manifest, String file, Options options, Teller teller)
      throws NinjaError, GeneratorFailed, IOException, InterruptedException {
    int path = manifest.findPath(Manifest.canonical(file));
    int edge = path == Manifest.NONE ? Manifest.NONE : manifest.producer(path);
    if (edge == Manifest.NONE || options.dryRun()) {
      return false;
    }
    Build build = build(folder, manifest, Tree.EMPTY, options);
    Regeneration regeneration =
        new Regeneration(build, products, () -> visible(folder, options), teller);
    return switch (regeneration.refresh(edge)) {
      case UP_TO_DATE -> false;
      case RAN -> true;
      case FAILED -> throw new GeneratorFailed();
    };
  }

  /** What makes the manifest has failed. */
  public static final class GeneratorFailed extends Exception {
    private static final long serialVersionUID = 1;

    GeneratorFailed() {
      super("subcommand failed", null, false, false);
    }
  }

  /** Runs the generators among what is needed, if what they go by is newer. */
  private boolean generated(
      BuildFolder folder, Manifest manifest, Ints targets, Options options, Teller teller)
      throws NinjaError, IOException, InterruptedException {
    Build build = build(folder, manifest, Tree.EMPTY, options);
    Plan plan = new Plan(build.needs(), path -> Files.exists(folder.onDisk(path)));
    Regeneration regeneration =
        new Regeneration(build, products, () -> visible(folder, options), teller);
    for (int target : targets.stream().toArray()) {
      for (int edge : plan.need(target)) {
        boolean generator = manifest.edge(edge).flag("generator");
        if (generator && regeneration.refresh(edge) == Regeneration.Result.FAILED) {
          return false;
        }
      }
    }
    return true;
  }

  private Build build(BuildFolder folder, Manifest manifest, Tree sources, Options options) {
    Needs needs = new Needs(manifest);
    return new Build(
        folder,
        needs,
        new World(needs, sources),
        runs,
        blobs,
        Environment.of(options.users(), Map.of()),
        options.fresh(),
        options.strict(),
        before -> way(folder, before),
        System.nanoTime());
  }

  private WriteBack way(BuildFolder folder, Optional<Tree> before) {
    return new WriteBack(
        folder.workspace(), folder.mount(), blobs, digests, products, underWay, before);
  }

  /** The workspace as it is now, whatever happens to it while it is built. */
  private Tree visible(BuildFolder folder, Options options) throws IOException {
    Visibility visibility =
        new Visibility(
            folder.workspace(),
            sources,
            Visibility.globalIgnore(options.users()),
            List.of(folder.inside()),
            List.of(),
            folder.inside());
    return WorkspaceSnapshot.take(folder.workspace(), visibility, digests, blobs);
  }
}
