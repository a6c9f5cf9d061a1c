package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Edit;
import dev.bricolage.testkit.gen.Program;
import dev.bricolage.testkit.gen.Scenario;
import dev.bricolage.testkit.gen.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a finding small by leaving out what is not needed for it: turns, edits, lines of programs.
 * After Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002).
 */
public final class Shrinker {
  private final Fuzzer fuzzer;
  private final long deadline;
  private Fuzzer.Finding best;

  private Shrinker(Fuzzer fuzzer, Fuzzer.Finding finding, Duration patience) {
    this.fuzzer = fuzzer;
    this.best = finding;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** The smallest finding that was reached in that time; no bigger than the one given. */
  public static Fuzzer.Finding shrink(Fuzzer fuzzer, Fuzzer.Finding finding, Duration patience)
      throws IOException, InterruptedException {
    Shrinker shrinker = new Shrinker(fuzzer, finding, patience);
    shrinker.turns();
    shrinker.edits();
    shrinker.start();
    shrinker.programs();
    shrinker.turns();
    return shrinker.best;
  }

  private boolean inTime() {
    return System.nanoTime() < deadline;
  }

  private boolean still(Scenario smaller) throws IOException, InterruptedException {
    Optional<Fuzzer.Finding> finding = inTime() ? fuzzer.play(smaller) : Optional.empty();
    finding.ifPresent(found -> best = found);
    return finding.isPresent();
  }

  /** The last turn is the one that went wrong, and stays. */
  private void turns() throws IOException, InterruptedException {
    for (int size = best.scenario().turns().size() / 2; size >= 1; size /= 2) {
      for (int at = 0; at + size < best.scenario().turns().size(); ) {
        List<Turn> fewer = new ArrayList<>(best.scenario().turns());
        fewer.subList(at, at + size).clear();
        if (!still(best.scenario().withTurns(fewer))) {
          at += size;
        }
      }
    }
  }

  private void edits() throws IOException, InterruptedException {
    for (int i = 0; i < best.scenario().turns().size(); i++) {
      for (int at = 0; at < best.scenario().turns().get(i).edits().size(); ) {
        Turn turn = best.scenario().turns().get(i);
        List<Edit> fewer = new ArrayList<>(turn.edits());
        fewer.remove(at);
        if (!still(with(i, turn.withEdits(fewer)))) {
          at++;
        }
      }
    }
  }

  private void start() throws IOException, InterruptedException {
    for (int size = best.scenario().start().size() / 2; size >= 1; size /= 2) {
      for (int at = 0; at + size <= best.scenario().start().size(); ) {
        List<Edit> fewer = new ArrayList<>(best.scenario().start());
        fewer.subList(at, at + size).clear();
        if (!still(best.scenario().withStart(fewer))) {
          at += size;
        }
      }
    }
  }

  /** A program is the same wherever it occurs, or the memo would take it for another. */
  private void programs() throws IOException, InterruptedException {
    for (int i = 0; i < best.scenario().turns().size(); i++) {
      for (int at = 0; at < best.scenario().turns().get(i).program().lines().size(); ) {
        Program program = best.scenario().turns().get(i).program();
        Program shorter = program.without(at);
        List<Turn> changed = new ArrayList<>();
        for (Turn turn : best.scenario().turns()) {
          changed.add(turn.program().equals(program) ? turn.withProgram(shorter) : turn);
        }
        if (!still(best.scenario().withTurns(changed))) {
          at++;
        }
      }
    }
  }

  private Scenario with(int index, Turn turn) {
    List<Turn> turns = new ArrayList<>(best.scenario().turns());
    turns.set(index, turn);
    return best.scenario().withTurns(turns);
  }
}
