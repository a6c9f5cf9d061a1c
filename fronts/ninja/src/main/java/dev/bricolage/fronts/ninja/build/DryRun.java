package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Control;
import dev.bricolage.fronts.ninja.act.Due;
import dev.bricolage.fronts.ninja.deps.Dyndep;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.standing.Made;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Tells what a build would do, and does nothing. Memory is asked: an edge that it knows would be
 * brought, or is there already. One that would run makes something unknown, so all that rests on it
 * is told of, too, although some of it may turn out to be known. Generators are not looked at.
 */
final class DryRun {
  private final Plan plan;
  private final Build build;
  private final Needs needs;
  private final Dyndeps dyndeps;
  private final Teller teller;
  private final BitSet visited = new BitSet();

  /** Edges of whose outputs nothing is known. */
  private final BitSet unknown = new BitSet();

  /** Edges that something would be done for, and names that stand for such. */
  private final BitSet told = new BitSet();

  DryRun(Plan plan, Build build, Teller teller) {
    this.plan = plan;
    this.build = build;
    this.needs = build.needs();
    this.dyndeps = plan.dyndeps();
    this.teller = teller;
  }

  /** Tells of what these paths need. */
  void run(Ints targets) throws NinjaError, IOException, InterruptedException {
    List<Integer> all = new ArrayList<>();
    for (int target : targets.stream().toArray()) {
      all.addAll(plan.need(target));
    }
    for (int edge : all) {
      teller.expect(Schedule.isRun(needs.manifest().edge(edge)) ? 1 : 0);
    }
    visit(all);
  }

  private void visit(List<Integer> order) throws NinjaError, IOException, InterruptedException {
    for (int number : order) {
      if (!visited.get(number)) {
        visited.set(number);
        visit(needs.manifest().edge(number));
      }
    }
  }

  private void visit(Edge edge) throws NinjaError, IOException, InterruptedException {
    learn(edge);
    boolean restsOnUnknown = needs.producers(edge.id()).anyMatch(unknown::get);
    if (!Schedule.isRun(edge)) {
      unknown.set(edge.id(), restsOnUnknown && edge.isPhony());
      told.set(edge.id(), edge.isPhony() && restsOnTold(edge));
      return;
    }
    Ended.How how = build.isAct(edge.id()) ? act(edge) : found(edge, restsOnUnknown);
    unknown.set(edge.id(), how == Ended.How.RAN);
    told.set(edge.id(), how != Ended.How.UP_TO_DATE);
    List<String> reasons =
        build.debug().explain() && !build.isAct(edge.id()) ? reasons(edge.id(), how) : List.of();
    teller.ended(
        edge,
        new Ended(
            edge.id(), 0, how, new Bytes(), List.of(), 0, 0, Optional.empty(), reasons, List.of()),
        0);
  }

  private boolean restsOnTold(Edge edge) {
    return needs.producers(edge.id()).anyMatch(told::get);
  }

  private Ended.How found(Edge edge, boolean restsOnUnknown)
      throws NinjaError, IOException, InterruptedException {
    return restsOnUnknown || build.fresh() ? Ended.How.RAN : remembered(edge);
  }

  private Ended.How act(Edge edge) throws NinjaError, IOException {
    Due due = new Logs(build.folder(), needs).due(told::get);
    if (!restsOnTold(edge) && !due.is(edge)) {
      return Ended.How.UP_TO_DATE;
    }
    teller.began(edge, 0);
    return Ended.How.RAN;
  }

  private List<String> reasons(int edge, Ended.How how) {
    Optional<String> missing =
        IntStream.of(needs.outputs(edge))
            .mapToObj(needs::path)
            .filter(output -> !Files.exists(build.folder().onDisk(output)))
            .findFirst();
    if (missing.isPresent()) {
      return List.of("output " + missing.get() + " doesn't exist");
    }
    List<String> dirty =
        IntStream.of(needs.inputs(edge))
            .filter(input -> isUnknown(needs.producer(input)))
            .mapToObj(input -> needs.path(input) + " is dirty")
            .toList();
    String output = needs.path(needs.outputs(edge)[0]);
    if (how == Ended.How.RAN && dirty.isEmpty()) {
      return List.of(output + " is not remembered for what is there now");
    }
    return dirty.isEmpty() ? List.of("output " + output + " is not what is remembered") : dirty;
  }

  private boolean isUnknown(int producer) {
    return producer != Manifest.NONE && unknown.get(producer);
  }

  /** Its dyndep file may add to it, and so may need more; unless that would have to be made. */
  private void learn(Edge edge) throws NinjaError, IOException, InterruptedException {
    int path = edge.dyndep().orElse(Manifest.NONE);
    int maker = path == Manifest.NONE ? Manifest.NONE : needs.producer(path);
    if (!dyndeps.isOne(edge.id(), path) || (maker != Manifest.NONE && unknown.get(maker))) {
      return;
    }
    for (Map.Entry<Integer, Dyndep> more : dyndeps.load(path).entrySet()) {
      needs.learn(more.getKey(), more.getValue());
      needs.addInputs(more.getKey(), more.getValue());
    }
    for (int input : needs.inputs(edge.id())) {
      List<Integer> besides = plan.need(input);
      for (int other : besides) {
        teller.expect(Schedule.isRun(needs.manifest().edge(other)) ? 1 : 0);
      }
      visit(besides);
    }
  }

  private Ended.How remembered(Edge edge) throws NinjaError, IOException, InterruptedException {
    Control control = new Control(Thread.currentThread()::interrupt);
    Optional<Outcome> outcome = new EdgeRun(build, edge).known(control);
    if (outcome.isEmpty()) {
      return Ended.How.RAN;
    }
    NavigableMap<TreePath, Entry> changes = new Homeward(build, edge).of(outcome.get().changes());
    List<TreePath> deleted = outcome.get().deleted();
    build.world().made(edge.id(), new Made(changes, deleted));
    TreeMap<TreePath, Entry> stay = new TreeMap<>(changes);
    if (!edge.binding("deps").isEmpty()) {
      build.folder().place(edge.depfile()).ifPresent(stay::remove);
    }
    return build.atHome().isThere(new Made(stay, deleted))
        ? Ended.How.UP_TO_DATE
        : Ended.How.REMEMBERED;
  }
}
