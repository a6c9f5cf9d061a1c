package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.deps.Dyndep;
import dev.bricolage.fronts.ninja.deps.DyndepFile;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dyndep files of a build: what they add to edges is known once they are there. */
final class Dyndeps {
  private final Build build;
  private final Manifest manifest;
  private final Map<Integer, Boolean> loaded = new HashMap<>();

  private Dyndeps(Build build) {
    this.build = build;
    this.manifest = build.needs().manifest();
  }

  /** Those of a manifest. */
  static Dyndeps of(Build build) {
    Dyndeps dyndeps = new Dyndeps(build);
    for (int edge : dyndeps.manifest.dyndepEdges()) {
      dyndeps.manifest.edge(edge).dyndep().ifPresent(path -> dyndeps.loaded.put(path, false));
    }
    return dyndeps;
  }

  /** None: what the manifest itself says is all that counts. */
  static Dyndeps none(Build build) {
    return new Dyndeps(build);
  }

  /** Whether a path is one that was not loaded yet. */
  boolean isOne(int path) {
    return !loaded.getOrDefault(path, true);
  }

  /** Whether it is this edge's. */
  boolean isOne(int edge, int path) {
    return isOne(path) && manifest.edge(edge).dyndep().orElse(Manifest.NONE) == path;
  }

  /** Learns what an edge's file says, if no edge makes the file. */
  void learnSource(int edge) throws NinjaError, IOException {
    if (loaded.isEmpty()) {
      return;
    }
    int path = manifest.edge(edge).dyndep().orElse(Manifest.NONE);
    if (!isOne(path) || build.needs().producer(path) != Manifest.NONE) {
      return;
    }
    for (Map.Entry<Integer, Dyndep> entry : load(path).entrySet()) {
      build.needs().learn(entry.getKey(), entry.getValue());
      build.needs().addInputs(entry.getKey(), entry.getValue()); // cycles are found by the walk
    }
  }

  /** What it says; it is there by now. */
  Map<Integer, Dyndep> load(int path) throws NinjaError, IOException {
    loaded.put(path, true);
    DyndepFile file = DyndepFile.parse(manifest.path(path), content(path), manifest);
    file.check(manifest, path);
    return file.edges();
  }

  private byte[] content(int path) throws NinjaError, IOException {
    String name = manifest.path(path);
    Optional<TreePath> place = build.folder().place(name);
    if (place.isEmpty()) {
      return Files.readAllBytes(build.folder().onDisk(name));
    }
    int producer = build.needs().producer(path);
    List<Integer> makers = producer == Manifest.NONE ? List.of() : List.of(producer);
    Optional<Entry> entry = build.world().at(place.get(), makers);
    if (entry.isEmpty() || !(entry.get() instanceof Entry.File file)) {
      throw NinjaError.error("loading '" + name + "': No such file or directory");
    }
    return build.blobs().read(file.digest()).orElseThrow();
  }
}
