package dev.bricolage.memo.model;

import dev.bricolage.memo.Durability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing that happens to a build. */
sealed interface Turn {
  /** Inputs are set, all at once; empty: removed. What the view answers otherwise is told. */
  record Edit(Map<Cell, Optional<Integer>> values) implements Turn {}

  /** The view answers otherwise and nobody says so, until somebody wants to know for sure. */
  record Look(Map<Cell, Optional<Integer>> values, Durability upTo) implements Turn {}

  /** These are asked, by so many at the same time. One asks in the order given. */
  record Ask(List<Cell> cells, int askers) implements Turn {}

  /** These are asked by many while edits are made. */
  record Race(List<Cell> cells, int askers, List<Edit> edits) implements Turn {}

  /** Asked, and its own task is to run. */
  record Fresh(Cell cell) implements Turn {}

  /** Asked, but its own task is not to run. */
  record Recall(Cell cell) implements Turn {}

  /** These are asked by many, all of whom are interrupted. */
  record Cancel(List<Cell> cells, int askers) implements Turn {}

  /** The process ends, and another one begins over the same traces; some inputs are others now. */
  record Restart(Map<Cell, Optional<Integer>> values) implements Turn {}

  /** From here on it is about the other of two checkouts, each with its process. */
  record Switch() implements Turn {}
}
