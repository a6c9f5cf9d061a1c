package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.act.Overwritten;
import dev.bricolage.fronts.ninja.deps.Depfile;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Carries out one act on the folder as it is; nothing of it is remembered. */
final class ActRun {
  private final Build build;
  private final Edge edge;

  ActRun(Build build, Edge edge) {
    this.build = build;
    this.edge = edge;
  }

  /** Carries it out; what it says has gone to the user already. */
  Ended perform() throws NinjaError, IOException, InterruptedException {
    int began = build.elapsedMillis();
    prepare();
    if (!build.homecoming().takesAll()) {
      Homecoming.bring(build, build.needs().below(edge.id()));
    }
    Overwritten overwritten = new Overwritten(build.folder().workspace(), build.products());
    int status;
    try {
      status = build.acts().act(edge.command(), build.folder().folder());
    } finally {
      overwritten.forget(build.world()::wasMade);
    }
    List<String> dependencies = status == 0 ? tidied() : List.of();
    return new Ended(
        edge.id(), status, Ended.How.RAN, new Bytes(), dependencies, began, build.elapsedMillis());
  }

  private void prepare() throws NinjaError, IOException {
    for (int output : build.needs().outputs(edge.id())) {
      makeFolderOf(build.folder().onDisk(build.needs().path(output)));
    }
    if (!edge.rspfile().isEmpty()) {
      Path file = build.folder().onDisk(edge.rspfile());
      makeFolderOf(file);
      Files.writeString(file, edge.rspfileContent());
    }
  }

  private static void makeFolderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }

  /** Its response file goes, and its depfile if that is to be in the log; what that names. */
  private List<String> tidied() throws NinjaError, IOException {
    if (!edge.rspfile().isEmpty() && !build.debug().keepResponseFiles()) {
      Files.deleteIfExists(build.folder().onDisk(edge.rspfile()));
    }
    List<String> inputs = new ArrayList<>();
    if (!edge.binding("deps").equals("gcc") || edge.depfile().isEmpty()) {
      return inputs;
    }
    Path file = build.folder().onDisk(edge.depfile());
    if (Files.exists(file)) {
      for (String input : Depfile.parse(Files.readAllBytes(file)).inputs()) {
        inputs.add(Manifest.canonical(input));
      }
      if (!build.debug().keepDepfiles()) {
        Files.delete(file);
      }
    }
    return inputs;
  }
}
