package dev.bricolage.memo.engine;

import static dev.bricolage.memo.engine.Sheet.cell;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Asker;
import org.junit.jupiter.api.Test;

/** Who waits for what goes on on a fresh thread, and is interrupted meanwhile. */
final class RelayTest {
  private final Stage stage = new Stage(false);
  private final Node<Integer> node = new Node<>(cell("a"), 0, true);
  private final Request request = new Request(Asker.NOBODY, Request.Wish.ANYHOW, node);
  private final Strand strand =
      new Strand(request, new Waits(), new Crew(1, (helper, batch) -> {}));

  /**
   * The fresh thread has not taken over the strand yet, so who cancels interrupts the caller, who
   * has cancelled by himself. He waits on, and does not turn round and round.
   *
   * <pre>
   * caller  over ──────── interrupted ── cancels: interrupted ── waits ───────── 7
   * fresh     └─ deaf ───────────────────────────────────────────────── go ── 7 ─┘
   * </pre>
   */
  @Test
  @SuppressWarnings("ThreadPriorityCheck") // there is no signal of a thread that waits
  void anInterruptThatCancelsIsHeardOnce() throws Exception {
    Stage.Actor<Boolean> caller =
        stage.actor(() -> {
          request.enter(strand);
          strand.runsOnCallers();
          strand.enter(Thread.currentThread());
          int value =
              new Relay<Integer>(strand)
                  .over(() -> {
                    stage.raise("it is over there");
                    stage.awaitDeafly("go");
                    return 7;
                  });
          assertEquals(7, value);
          return Thread.interrupted();
        });
    stage.await("it is over there");
    caller.interrupt();
    long patience = System.nanoTime() + 20_000_000_000L;
    while (!(strand.cancelled() && caller.thread().getState() == Thread.State.WAITING)) {
      assertTrue(System.nanoTime() < patience, "the caller is " + caller.thread().getState());
      Thread.yield();
    }
    stage.raise("go");
    assertTrue(caller.gives(), "the interrupt is the caller's, and there afterwards");
  }
}
