package dev.bricolage.fuzz.ninja;

import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.PathFact.Kind;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Execution;
import dev.bricolage.fuzz.Mutant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A fault in what edges are known by: the fuzzer must find each. */
enum NinjaMutant {
  /** No fault. */
  NONE,
  /** Headers, which only a depfile tells of, are not asked about. */
  BLIND_TO_HEADERS,
  /** Nor sources. */
  BLIND_TO_SOURCES,
  /** Nor what other edges make. */
  BLIND_TO_PRODUCTS,
  /** Nor whether something is there, and what. */
  BLIND_TO_PRESENCE,
  /** Nor the names in a folder. */
  BLIND_TO_LISTINGS,
  /** Nor response files. */
  BLIND_TO_RESPONSE_FILES,
  /** One question in six is lost, always the same ones. */
  FORGETS_SOME,
  /** What edges made that are no more is taken for sources. */
  FORGETS_PRODUCTS,
  /** Nothing that was made is executable. */
  LOSES_EXECUTE_BITS;

  /** The execution as this mutant tells it. */
  Execution lie(Execution told) {
    return switch (this) {
      case BLIND_TO_HEADERS -> without(told, fact -> fact.path().contains("/inc/"));
      case BLIND_TO_SOURCES -> without(told, fact -> fact.path().contains("/src/"));
      case BLIND_TO_PRODUCTS -> without(told, fact -> fact.path().matches(".*/b[01]/(d/)?o\\d+b?"));
      case BLIND_TO_PRESENCE -> without(told, fact -> fact.kind() == Kind.STAT);
      case BLIND_TO_LISTINGS -> without(told, fact -> fact.kind() == Kind.LIST);
      case BLIND_TO_RESPONSE_FILES -> without(told, fact -> fact.path().endsWith(".rsp"));
      case FORGETS_SOME -> without(told, fact -> Math.floorMod(fact.path().hashCode(), 6) == 0);
      case LOSES_EXECUTE_BITS -> notExecutable(told);
      default -> told;
    };
  }

  private static Execution notExecutable(Execution told) {
    Outcome made = told.outcome();
    SortedMap<TreePath, Entry> changes = new TreeMap<>(made.changes());
    changes.replaceAll((path, entry) ->
        entry instanceof Entry.File file ? new Entry.File(file.digest(), false) : entry);
    return Mutant.with(
        told,
        told.asked(),
        new Outcome(
            made.exitCode(),
            changes,
            made.rewritten(),
            made.deleted(),
            made.stdout(),
            made.stderr(),
            made.console()));
  }

  private static Execution without(Execution told, Predicate<PathFact> lost) {
    return Mutant.without(told, lost);
  }
}
