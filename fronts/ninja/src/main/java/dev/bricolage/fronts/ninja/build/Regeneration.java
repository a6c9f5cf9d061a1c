package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.act.Due;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/**
 * Carries out a generator when what it goes by is newer. A generator goes on from what it left the
 * last time (caches, the answers to its checks), so it is no function of the sources: it is an act,
 * on the folder as it is, and never remembered. What it makes are sources of the build.
 */
final class Regeneration {
  private final Build build;
  private final Teller teller;
  private final Maker maker;

  /** Builds what a generator needs and edges make. */
  @FunctionalInterface
  interface Maker {
    void make(Ints targets) throws NinjaError, Stopped, IOException, InterruptedException;
  }

  Regeneration(Build build, Teller teller, Maker maker) {
    this.build = build;
    this.teller = teller;
    this.maker = maker;
  }

  /** How it came out. */
  enum Result {
    UP_TO_DATE,
    RAN,
    FAILED
  }

  /** Makes an edge's outputs again where they are older, and before them what it needs. */
  Result refresh(int number) throws NinjaError, Stopped, IOException, InterruptedException {
    Edge edge = build.needs().manifest().edge(number);
    if (restsOnEdges(number)) {
      maker.make(edge.inputs());
    }
    Logs logs = new Logs(build.folder(), build.needs());
    Due due = logs.due(acted -> false);
    if (edge.isPhony() || !due.is(edge)) {
      return Result.UP_TO_DATE;
    }
    teller.expect(1);
    teller.began(edge, 0);
    Ended ended;
    try {
      ended = new ActRun(build, edge).perform();
    } finally {
      teller.release();
    }
    teller.ended(edge, ended, 0);
    teller.herald().ended(build.folder(), edge, ended);
    if (ended.failed()) {
      return Result.FAILED;
    }
    freshen(edge);
    logs.enter(List.of(ended));
    return Result.RAN;
  }

  private boolean restsOnEdges(int number) {
    return build.needs().below(number).stream()
        .anyMatch(below -> !build.needs().manifest().edge(below).isPhony());
  }

  /** A generator leaves alone what it would not change; by its time it would be due for ever. */
  private void freshen(Edge edge) throws NinjaError, IOException {
    for (int output : edge.outputs().stream().toArray()) {
      Path file = build.folder().onDisk(build.needs().path(output));
      if (!edge.flag("restat") && Files.exists(file)) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      }
    }
  }
}
