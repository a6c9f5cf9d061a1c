package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Superseded;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The transitions of the engine's parts, each raced against those that may meet it, on real threads
 * and so often that all orders come: the outcomes that came are those that may. For each there is a
 * mutant, the same with a mistake that somebody could make, whose wrong outcome must come too.
 */
@SuppressWarnings("ReferenceEquality") // the very same state
final class TransitionRacesTest {
  private static final int ROUNDS = 100_000;

  /** Rounds in which a whole memo is made. */
  private static final int MEMOS = 10_000;

  private static State.Done done(Object value, long revision) {
    return new State.Done(
        value, State.Done.NOTHING, State.Done.NO_GROUPS, revision, revision, false);
  }

  private static Node<Integer> computed(String name) {
    return new Node<>(cell(name), name.hashCode(), true);
  }

  /** A strand of a request of its own. */
  private static Strand strand(Crew crew) {
    Request request = new Request(Asker.NOBODY, Request.Wish.ANYHOW, computed("wanted"));
    return new Strand(request, new Waits(), crew);
  }

  private static Strand strand() {
    return strand(new Crew(1, (helper, batch) -> {}));
  }

  /** Writes, whatever is there: what a transition must never do. */
  private static void force(Node<?> node, State to) {
    while (!node.become(node.state(), to)) {
      Thread.onSpinWait();
    }
  }

  // Node.become: two claim.

  private static class Claims {
    final Node<Integer> node = computed("a");
    final State.Running first = new State.Running(new Flight(strand()), State.Unknown.STATE);
    final State.Running second = new State.Running(new Flight(strand()), State.Unknown.STATE);
    boolean firstGot;
    boolean secondGot;

    boolean become(State to) {
      return node.become(State.Unknown.STATE, to);
    }

    String outcome() {
      if (firstGot == secondGot) {
        return firstGot ? "both" : "nobody";
      }
      return node.state() == (firstGot ? first : second) ? "one" + which() : "another's";
    }

    private String which() {
      return firstGot ? ", the first" : ", the second";
    }
  }

  private static Race<Claims> claims(Supplier<Claims> scene) {
    return Race.of(scene, Claims::outcome)
        .actor(it -> it.firstGot = it.become(it.first))
        .actor(it -> it.secondGot = it.become(it.second));
  }

  @Test
  void oneOfTwoClaimsGetsTheNode() throws Exception {
    claims(Claims::new).run(ROUNDS).areAll("one, the first", "one, the second");
  }

  @Test
  void aClaimThatLooksAndThenWritesIsCaught() throws Exception {
    claims(() ->
            new Claims() {
              @Override
              boolean become(State to) {
                if (node.state() == State.Unknown.STATE) {
                  Race.pause();
                  force(node, to);
                  return true;
                }
                return false;
              }
            })
        .catches("both");
  }

  // Strand.complete beside condemn: an edit begins when it has condemned everybody.

  private static class Completion {
    final Strand strand = strand();
    final Node<Integer> node = computed("a");
    final State.Running claim = new State.Running(new Flight(strand), State.Unknown.STATE);
    boolean completed;
    boolean seen;

    Completion() {
      node.become(State.Unknown.STATE, claim);
    }

    boolean complete() {
      return strand.complete(node, claim, done(7, 1));
    }

    void condemn() {
      strand.condemn();
      seen = node.state() instanceof State.Done;
    }

    String outcome() {
      return (completed ? "completed" : "refused") + (seen ? ", seen" : ", unseen");
    }
  }

  private static Race<Completion> completions(Supplier<Completion> scene) {
    return Race.of(scene, Completion::outcome)
        .actor(it -> it.completed = it.complete())
        .actor(Completion::condemn);
  }

  @Test
  void nothingIsCompletedAfterTheCondemnation() throws Exception {
    completions(Completion::new).run(ROUNDS).areAll("completed, seen", "refused, unseen");
  }

  @Test
  void aCompletionThatOnlyLooksWhetherItIsCancelledIsCaught() throws Exception {
    completions(() ->
            new Completion() {
              @Override
              boolean complete() {
                if (strand.cancelled()) {
                  return false;
                }
                Race.pause();
                return node.become(claim, done(7, 1));
              }
            })
        .catches("completed, unseen");
  }

  // Strand.cancel beside a strand that ends: no interrupt is left on a thread that goes on.

  private static class Ending {
    final Strand strand = strand();
    boolean interrupted;

    Ending() {
      strand.request.enter(strand);
    }

    void work() {
      strand.enter(Thread.currentThread());
      strand.crew.acquire(strand);
      strand.enter(null);
      strand.crew.release(strand);
      strand.request.leave(strand);
      rest();
      interrupted = Thread.interrupted();
    }

    void rest() {
      strand.rest();
    }

    String outcome() {
      String slots = strand.crew.free() + " free";
      return interrupted ? "an interrupt is left, " + slots : slots;
    }
  }

  private static Race<Ending> endings(Supplier<Ending> scene) {
    return Race.of(scene, Ending::outcome)
        .actor(Ending::work)
        .actor(it -> it.strand.request.cancel());
  }

  @Test
  void whoIsCancelledAtHisEndKeepsNoInterrupt() throws Exception {
    endings(Ending::new).run(ROUNDS).areAll("1 free");
  }

  @Test
  void anEndThatTakesNoInterruptAwayIsCaught() throws Exception {
    endings(() ->
            new Ending() {
              @Override
              void rest() {}
            })
        .catches("an interrupt is left, 1 free");
  }

  // Flight.land beside await beside nudge: who waits is always told.

  private static class Waiting {
    final Strand strand = strand();
    final Flight flight = new Flight(strand);
    String landing = "";

    void land() {
      flight.land(new Flight.Landing.Result(done(7, 1), true));
    }

    void cancel() {
      strand.condemn();
      flight.nudge();
    }

    void await() throws InterruptedException {
      landing = flight.await().getClass().getSimpleName();
    }
  }

  @Test
  void whoWaitsHearsOfTheLanding() throws Exception {
    Race.of(Waiting::new, it -> it.landing)
        .actor(Waiting::await)
        .actor(Waiting::land)
        .run(ROUNDS)
        .areAll("Result");
  }

  @Test
  void whoWaitsHearsOfTheCancellation() throws Exception {
    Race.of(Waiting::new, it -> it.landing)
        .actor(Waiting::await)
        .actor(Waiting::cancel)
        .run(ROUNDS)
        .areAll("Nothing");
  }

  @Test
  void whoWaitsHearsOfOneOfThem() throws Exception {
    Race.of(Waiting::new, it -> it.landing)
        .actor(Waiting::await)
        .actor(Waiting::land)
        .actor(Waiting::cancel)
        .run(ROUNDS)
        .areAll("Result", "Nothing");
  }

  @Test
  void aNudgeBeforeTheCancellationIsCaught() throws Exception {
    Race.of(Waiting::new, it -> it.landing)
        .actor(Waiting::await)
        .actor(it -> {
          it.flight.nudge();
          Race.pause();
          it.strand.condemn();
        })
        .patience(500)
        .catches(Race.STUCK);
  }

  // Crew: no slot is lost, none is doubled.

  private static final class Rush {
    final Crew crew = new Crew(1, (helper, batch) -> {});
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();

    void go() {
      Strand strand = strand(crew);
      crew.acquire(strand);
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      inside.decrementAndGet();
      crew.release(strand);
      crew.release(strand); // is nothing
    }

    String outcome() {
      return most + " at once, " + crew.free() + " free";
    }
  }

  @Test
  void oneSlotIsForOne() throws Exception {
    Race.of(Rush::new, Rush::outcome)
        .actor(Rush::go)
        .actor(Rush::go)
        .actor(Rush::go)
        .run(ROUNDS)
        .areAll("1 at once, 1 free");
  }

  /** One wants the only slot and is cancelled, another wants it too. */
  private static class CancelledRush {
    final Crew crew = new Crew(1, (helper, batch) -> {});
    final Strand one = strand(crew);
    final Strand other = strand(crew);
    boolean otherRan;

    void one() {
      one.enter(Thread.currentThread());
      crew.acquire(one);
      release();
      one.enter(null);
      one.rest();
    }

    void release() {
      crew.release(one);
    }

    void cancel() {
      one.cancel();
    }

    void other() {
      crew.acquire(other);
      otherRan = other.holdsSlot();
      crew.release(other);
    }

    String outcome() {
      return (otherRan ? "the other ran, " : "the other did not run, ") + crew.free() + " free";
    }
  }

  private static Race<CancelledRush> cancelledRush(Supplier<CancelledRush> scene) {
    return Race.of(scene, CancelledRush::outcome)
        .actor(CancelledRush::one)
        .actor(CancelledRush::cancel)
        .actor(CancelledRush::other);
  }

  @Test
  void whoIsCancelledLosesNoSlot() throws Exception {
    cancelledRush(CancelledRush::new).run(ROUNDS).areAll("the other ran, 1 free");
  }

  @Test
  void aSlotGivenBackTwiceIsCaught() throws Exception {
    cancelledRush(() ->
            new CancelledRush() {
              @Override
              void release() {
                one.holdsSlot(true);
                super.release();
              }
            })
        .catches("the other ran, 2 free");
  }

  /** A cancelled strand that goes without giving back, and nobody takes its slot from it. */
  @Test
  void aSlotThatIsLostIsCaught() throws Exception {
    cancelledRush(() ->
            new CancelledRush() {
              @Override
              void release() {
                if (!one.cancelled()) {
                  super.release();
                }
              }

              @Override
              void cancel() {
                one.condemn();
              }
            })
        .patience(500)
        .catches(Race.STUCK);
  }

  /** One shares a batch out, another wants a slot meanwhile. */
  private static final class Sharing {
    final Crew crew = new Crew(2, this::help);
    final Strand asker = strand(crew);
    final Batch batch =
        new Batch(asker, List.of(computed("a"), computed("b"), computed("c"), computed("d")));
    final AtomicInteger worked = new AtomicInteger();

    private void work() {
      for (int i = batch.take(); i >= 0; i = batch.take()) {
        worked.incrementAndGet();
        batch.land(i, new Flight.Landing.Nothing());
      }
    }

    private void help(Strand helper, Batch shared) {
      work();
      shared.workers().remove(helper);
      crew.release(helper);
    }

    void share() throws InterruptedException {
      crew.acquire(asker);
      crew.offer(batch);
      work();
      crew.withdraw(batch);
      if (!batch.isDone()) {
        crew.release(asker);
        batch.await();
        crew.acquire(asker);
      }
      crew.release(asker);
    }

    void other() {
      Strand other = strand(crew);
      crew.acquire(other);
      crew.release(other);
    }

    /** A helper that came too late may be about to give its slot back. */
    @SuppressWarnings("ThreadPriorityCheck")
    String outcome() {
      long patience = System.nanoTime() + 5_000_000_000L;
      while (crew.free() < 2 && System.nanoTime() < patience) {
        Thread.yield();
      }
      return worked + " done, " + crew.free() + " free";
    }
  }

  @Test
  void aBatchIsDoneOnceAndItsSlotsComeBack() throws Exception {
    Race.of(Sharing::new, Sharing::outcome)
        .actor(Sharing::share)
        .actor(Sharing::other)
        .run(ROUNDS / 2)
        .areAll("4 done, 2 free");
  }

  // Node.addAsker and complete beside an edit: what rests on an old input does not stand.

  /** top asks mid, which asks an input; top is completed while the input changes. */
  private static class Change {
    final Node<Integer> input = new Node<>(cell("in"), 1, false);
    final Node<Integer> mid = computed("mid");
    final Node<Integer> top = computed("top");
    final Strand strand = strand();
    final State before;
    final State.Running claim;
    boolean completed;

    Change(State before) {
      this.before = before;
      this.claim = new State.Running(new Flight(strand), before);
      input.become(State.Unknown.STATE, done(1, 1));
      mid.become(State.Unknown.STATE, done(10, 1));
      top.become(State.Unknown.STATE, claim);
      input.addAsker(mid);
      if (before instanceof State.Done) {
        mid.addAsker(top);
      }
    }

    void finish() {
      tell(1);
      completed = strand.complete(top, claim, done(100, 1));
    }

    void tell(long since) {
      if (before instanceof State.Done) {
        mid.addAskerAgain(top, since);
      } else {
        mid.addAsker(top);
      }
    }

    void edit() {
      strand.condemn();
      input.become(input.state(), done(2, 2));
      Inputs.mark(input, 2);
    }

    String outcome() {
      boolean stands = top.state() instanceof State.Done;
      return (completed ? "completed, " : "refused, ") + (stands ? "stands" : next());
    }

    /** All is brought up to date, and once more the input changes. */
    private String next() {
      State.Done midNow = done(20, 2);
      input.addAskerAgain(mid, 1);
      force(mid, midNow);
      if (top.state().known().isPresent()) {
        mid.addAskerAgain(top, 1);
      } else {
        mid.addAsker(top);
      }
      force(top, done(200, 2));
      Inputs.mark(input, 3);
      return top.state() instanceof State.Stale ? "hears of the next" : "deaf to the next";
    }
  }

  private static Race<Change> changes(Supplier<Change> scene) {
    return Race.of(scene, Change::outcome).actor(Change::finish).actor(Change::edit);
  }

  @Test
  void anEditReachesWhatIsCompletedBesideIt() throws Exception {
    changes(() -> new Change(State.Unknown.STATE))
        .run(ROUNDS)
        .areAll("completed, hears of the next", "refused, hears of the next");
  }

  @Test
  void anEditReachesWhatIsCompletedAgainBesideIt() throws Exception {
    changes(() -> new Change(done(100, 1)))
        .run(ROUNDS)
        .areAll("completed, hears of the next", "refused, hears of the next");
  }

  @Test
  void aCompletionBeforeAnybodyIsToldIsCaught() throws Exception {
    changes(() ->
            new Change(State.Unknown.STATE) {
              @Override
              void finish() {
                completed = strand.complete(top, claim, done(100, 1));
                Race.pause();
                tell(1);
              }
            })
        .catches("completed, stands");
  }

  // Room: a value is dropped while it becomes stale, and while somebody computes it.

  private static class Dropping {
    final Sheet sheet = new Sheet().let("n", at -> 7).let("m", at -> 7);
    final NodeTable table = new NodeTable(sheet);
    final Room room = new Room(1, table, new Ears(Optional.empty()));
    final Node<Integer> node = table.at(cell("n"));
    final Node<Integer> another = table.at(cell("m"));
    final Node<Integer> input = table.at(cell("in"));
    final Strand strand = strand();
    String used = "";

    Dropping() {
      give(node, State.Unknown.STATE, done(7, 1));
      input.addAsker(node);
    }

    private void give(Node<Integer> to, State from, State.Done value) {
      to.become(from, value);
      room.took(to, value, from.known());
    }

    /** There is room for one only. */
    void flood() {
      give(another, State.Unknown.STATE, done(7, 1));
    }

    void edit() {
      strand.condemn();
      Inputs.mark(input, 2);
    }

    /** As the engine does: reads what is there, or claims and computes. */
    void use() {
      State state = node.state();
      if (state instanceof State.Done done && !done.isDropped()) {
        used = "read";
        return;
      }
      State.Running claim = new State.Running(new Flight(strand), state);
      if (!node.become(state, claim)) {
        used = "came too late";
        return;
      }
      State.Done now = done(7, 1);
      input.addAsker(node);
      if (strand.complete(node, claim, now)) {
        room.took(node, now, state.known());
        used = "computed";
      } else {
        node.become(claim, state);
        used = "refused";
      }
    }

    String outcome() {
      int values = (node.hasValue() ? 1 : 0) + (another.hasValue() ? 1 : 0);
      if (values != room.weight()) {
        return values + " values that weigh " + room.weight();
      }
      return node.state() instanceof State.Stale(State.Done last)
          ? used + (last.isDropped() ? ", dropped" : ", there")
          : "it stands: " + node.state();
    }
  }

  private static Race<Dropping> droppings(Supplier<Dropping> scene) {
    return Race.of(scene, Dropping::outcome)
        .actor(Dropping::flood)
        .actor(Dropping::edit)
        .actor(Dropping::use);
  }

  @Test
  void whatIsDroppedIsStaleAllTheSameAndWeighsNothing() throws Exception {
    droppings(Dropping::new)
        .run(ROUNDS)
        .areAll(
            Set.of("read, dropped"),
            Set.of(
                "read, there",
                "came too late, there",
                "came too late, dropped",
                "refused, there",
                "refused, dropped",
                "computed, there",
                "computed, dropped"));
  }

  @Test
  void aDropThatDoesNotLookIsCaught() throws Exception {
    droppings(() ->
            new Dropping() {
              @Override
              void flood() {
                if (node.state() instanceof State.Done done) {
                  Race.pause();
                  force(node, done.dropped(Optional.empty()));
                  room.lost(node, Optional.of(done));
                }
              }

              @Override
              void use() {}

              @Override
              String outcome() {
                return super.outcome().startsWith("it stands") ? "stands" : "stale";
              }
            })
        .catches("stands");
  }

  // All together: two ask, one edits.

  private static final class Edited {
    final Sheet sheet = new Sheet().let("mid", at -> at.at("in")).let("top", at -> at.at("mid"));
    final Memo memo = Memo.builder().tasks(sheet).slots(2).open();
    String first = "";
    String second = "";
    String afterTheEdit = "";

    Edited() {
      set(1);
    }

    private void set(int value) {
      try {
        memo.edit(edit -> edit.set(cell("in"), value));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private String ask() throws InterruptedException {
      try {
        return String.valueOf(memo.get(cell("top")));
      } catch (Superseded again) {
        return "superseded";
      }
    }

    void edit() throws InterruptedException {
      set(2);
      afterTheEdit = ask();
    }

    String outcome() {
      return afterTheEdit.equals("2")
          ? first + " and " + second
          : "after the edit: " + afterTheEdit;
    }
  }

  @Test
  void whoAsksBesideAnEditGetsOneRevision() throws Exception {
    Race.of(Edited::new, Edited::outcome)
        .actor(it -> it.first = it.ask())
        .actor(it -> it.second = it.ask())
        .actor(Edited::edit)
        .run(MEMOS)
        .areAll(
            Set.of(),
            Set.of(
                "1 and 1",
                "1 and 2",
                "2 and 1",
                "2 and 2",
                "1 and superseded",
                "superseded and 1",
                "2 and superseded",
                "superseded and 2",
                "superseded and superseded"));
  }
}
