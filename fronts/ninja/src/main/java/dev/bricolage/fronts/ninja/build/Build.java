package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Tree;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.act.Acts;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.Products;
import dev.bricolage.workspace.WriteBack;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What all edges of one build share.
 *
 * @param homecoming which outputs come into the workspace
 * @param acts who carries out what is no function
 * @param strict whether an edge that looks for what another edge makes must have said so
 * @param environment the variables that commands see
 * @param fresh whether every edge runs, known or not
 * @param debug what {@code -d} asks
 * @param ways makes the way home of one outcome; given what its run has seen, if it ran
 * @param beganNanos by {@link System#nanoTime}
 */
record Build(
    BuildFolder folder,
    Needs needs,
    World world,
    Settling settling,
    AtHome atHome,
    Homecoming homecoming,
    Runs runs,
    Blobs blobs,
    Products products,
    Acts acts,
    Map<String, String> environment,
    boolean fresh,
    boolean strict,
    Debug debug,
    Function<Optional<Tree>, WriteBack> ways,
    long beganNanos) {

  /** Whether an edge is done for its effect; generators are not meant. */
  boolean isAct(int edge) {
    return folder.paths().acts().contains(edge);
  }

  WriteBack writeBack(Optional<Tree> before) {
    return ways.apply(before);
  }

  int elapsedMillis() {
    return (int) Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
  }
}
