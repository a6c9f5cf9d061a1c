package dev.bricolage.memo.model;

import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import dev.bricolage.model.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is held against the model: two checkouts, of which one is at hand. */
interface Subject {
  /** Makes one for this scenario. */
  @FunctionalInterface
  interface Maker {
    Subject make(Scenario scenario);
  }

  /** Whether it claims to run no more than it must. */
  boolean minimal();

  /** Asks a cell, again if an edit came in between. Called by several threads. */
  Result<Integer> ask(Cell cell) throws InterruptedException;

  /** Asks a cell, whose own task is to run. */
  Result<Integer> fresh(Cell cell) throws InterruptedException;

  /** Asks a cell, whose own task is not to run: empty if it would have to. */
  Optional<Result<Integer>> recall(Cell cell) throws InterruptedException;

  void edit(Map<Cell, Optional<Integer>> values) throws InterruptedException;

  void look(Map<Cell, Optional<Integer>> values, Durability upTo) throws InterruptedException;

  /** All memory is gone, the traces stay; these inputs are others now. */
  void restart(Map<Cell, Optional<Integer>> values) throws InterruptedException;

  /** The other checkout is at hand. */
  void change();

  /** Whose tasks began to run since this was asked last, each as often as it did. */
  List<Cell> ran();

  /** Which came from a trace since this was asked last. */
  List<Cell> recalled();

  /** The cycles that were named since this was asked last. */
  List<List<Key<?>>> cycles();

  /** What it had to say that it should not have. Asked when nothing is going on. */
  List<String> complaints();
}
