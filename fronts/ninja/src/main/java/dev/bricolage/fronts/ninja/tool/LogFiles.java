package dev.bricolage.fronts.ninja.tool;

import dev.bricolage.fronts.ninja.log.BuildLog;
import dev.bricolage.fronts.ninja.log.DepsLog;
import dev.bricolage.fronts.ninja.log.LogPlaces;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The logs of a build folder, for the subtools that look at them or write them anew. */
final class LogFiles {
  private final Bench bench;
  private final Optional<Manifest> manifest;
  private final LogPlaces places;

  private LogFiles(Bench bench, Optional<Manifest> manifest, Path place) {
    this.bench = bench;
    this.manifest = manifest;
    this.places = new LogPlaces(place);
  }

  /** Where the manifest has them. */
  static LogFiles of(Bench bench, Manifest manifest) {
    return new LogFiles(bench, Optional.of(manifest), bench.file(manifest.variable("builddir")));
  }

  /** In the folder itself, whatever the manifest says: so it is for tools that do not read it. */
  static LogFiles inFolder(Bench bench) {
    return new LogFiles(bench, Optional.empty(), bench.folder());
  }

  /** The build log, empty if there is none. */
  BuildLog build() throws IOException {
    BuildLog log = places.readBuildLog();
    warn(log.warning());
    return log;
  }

  /** The deps log, empty if there is none. */
  DepsLog deps() throws IOException {
    DepsLog log = places.readDepsLog();
    warn(log.warning());
    return log;
  }

  /** {@code -t deps}: what commands read, of these targets or of all. */
  int tellDeps(List<String> words) throws NinjaError, IOException {
    DepsLog log = deps();
    List<String> outputs = new ArrayList<>();
    if (words.isEmpty()) {
      for (String output : log.outputs()) {
        if (isLive(output)) {
          outputs.add(output);
        }
      }
    } else {
      outputs.addAll(manifest().paths(Targets.of(manifest(), words)));
    }
    for (String output : outputs) {
      Optional<DepsLog.Deps> deps = log.get(output);
      if (deps.isEmpty()) {
        bench.line(output + ": deps not found");
      } else {
        tell(output, deps.get());
      }
    }
    return 0;
  }

  private void tell(String output, DepsLog.Deps deps) throws IOException {
    long mtime = bench.mtime(output);
    String state = mtime == 0 || mtime > deps.mtime() ? "STALE" : "VALID";
    bench.line(
        "%s: #deps %d, deps mtime %d (%s)"
            .formatted(output, deps.inputs().size(), deps.mtime(), state));
    deps.inputs().forEach(input -> bench.line("    " + input));
    bench.line("");
  }

  /** {@code -t recompact}: both anew, without what is dead. */
  int recompact() throws NinjaError, IOException {
    BuildLog build = build();
    DepsLog deps = deps();
    List<String> dead = new ArrayList<>();
    for (String output : deps.outputs()) {
      if (!isLive(output)) {
        dead.add(output);
      }
    }
    if (bench.dryRun()) {
      return 0;
    }
    if (Files.exists(places.buildLog())) {
      places.write(build, this::isMadeOrThere);
    }
    if (Files.exists(places.depsLog())) {
      places.write(deps, output -> !dead.contains(output));
    }
    return 0;
  }

  /** {@code -t restat}: the build log with the times that outputs have now. */
  int restat(List<String> outputs) throws IOException {
    if (!Files.exists(places.buildLog())) {
      return 0;
    }
    BuildLog log = build();
    for (Map.Entry<String, BuildLog.Entry> entry : List.copyOf(log.entries().entrySet())) {
      String output = entry.getKey();
      if (outputs.isEmpty() || outputs.contains(output)) {
        BuildLog.Entry old = entry.getValue();
        log.put(
            output,
            new BuildLog.Entry(
                old.startMillis(), old.endMillis(), bench.mtime(output), old.commandHash()));
      }
    }
    if (!bench.dryRun()) {
      places.write(log, output -> true);
    }
    return 0;
  }

  /** Files that are still there are kept: generators want to know of them. */
  private boolean isMadeOrThere(String output) {
    int path = manifest().findPath(output);
    return (path != Manifest.NONE && manifest().producer(path) != Manifest.NONE)
        || Files.exists(bench.file(output), LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether an output's edge still has {@code deps}. */
  private boolean isLive(String output) throws NinjaError {
    int path = manifest().findPath(output);
    int producer = path == Manifest.NONE ? Manifest.NONE : manifest().producer(path);
    return producer != Manifest.NONE && manifest().edge(producer).flag("deps");
  }

  private Manifest manifest() {
    return manifest.orElseThrow();
  }

  private void warn(String warning) {
    if (!warning.isEmpty()) {
      bench.warning(warning);
    }
  }
}
