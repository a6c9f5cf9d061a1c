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
   * @param fresh whether every edge runs, known or not
   * @param users the user's environment
   */
  public record Options(int jobs, int keepGoing, boolean fresh, Map<String, String> users) {}

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
    List<Integer> order = Plan.of(manifest, targets, path -> Files.exists(folder.onDisk(path)));
    Map<String, String> environment = Environment.of(options.users(), Map.of());
    World world = new World(manifest, snapshot(folder, manifest, options));
    Build build =
        new Build(
            folder,
            world,
            runs,
            blobs,
            environment,
            options.fresh(),
            before -> way(folder, before),
            System.nanoTime());
    Schedule schedule = new Schedule(manifest, build, teller, options.jobs(), options.keepGoing());
    teller.expect((int) order.stream().filter(edge -> !manifest.edge(edge).isPhony()).count());
    try {
      schedule.run(order);
    } finally {
      new Logs(folder, manifest).enter(schedule.ended());
    }
    return !schedule.failed();
  }

  private WriteBack way(BuildFolder folder, Optional<Tree> before) {
    return new WriteBack(
        folder.workspace(), folder.mount(), blobs, digests, products, underWay, before);
  }

  /** The workspace as it is now, whatever happens to it while it is built. */
  private Tree snapshot(BuildFolder folder, Manifest manifest, Options options)
      throws NinjaError, IOException {
    Visibility visibility =
        new Visibility(
            folder.workspace(),
            sources,
            Visibility.globalIgnore(options.users()),
            List.of(folder.inside()),
            List.of(),
            folder.inside());
    Tree visible = WorkspaceSnapshot.take(folder.workspace(), visibility, digests, blobs);
    Set<TreePath> made = new HashSet<>(products.of(folder.workspace().id()).keySet());
    return Sources.of(visible, folder, manifest, made);
  }
}
