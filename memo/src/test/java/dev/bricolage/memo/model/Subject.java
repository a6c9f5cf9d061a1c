package dev.bricolage.memo.model;

import dev.bricolage.memo.Durability;
import dev.bricolage.model.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is held against the model. */
interface Subject extends AutoCloseable {
  /** Makes one for this scenario. */
  @FunctionalInterface
  interface Maker {
    Subject make(Scenario scenario);
  }

  /** Whether it claims to run no more than it must. */
  boolean minimal();

  /** Asks a cell, again if an edit came in between. Called by several threads. */
  Result<Integer> ask(Cell cell) throws InterruptedException;

  void edit(Map<Cell, Optional<Integer>> values) throws InterruptedException;

  void look(Map<Cell, Optional<Integer>> values, Durability upTo) throws InterruptedException;

  /** All memory is gone, the traces stay; inputs are as they were. */
  void restart() throws InterruptedException;

  /** Whose tasks began to run since this was asked last, each as often as it did. */
  List<Cell> ran();

  /** Which came from a trace since this was asked last. */
  List<Cell> recalled();

  /** What it had to say that it should not have. */
  List<String> complaints();

  @Override
  void close();
}
