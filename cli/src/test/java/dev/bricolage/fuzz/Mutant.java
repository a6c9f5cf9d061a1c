package dev.bricolage.fuzz;

import dev.bricolage.action.Outcome;
import dev.bricolage.action.PathFact;
import dev.bricolage.action.PathFact.Kind;
import dev.bricolage.execute.Execution;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A fault put in between the executor and the memo: the fuzzer must find each. */
public enum Mutant {
  /** No fault. */
  NONE,
  /** What was probed and absent is not recorded, so creating it goes unnoticed. */
  BLIND_TO_ABSENCE,
  /** Listings are not recorded. */
  BLIND_TO_LISTINGS,
  /** Contents are recorded as if only the size had been asked. */
  CONTENTS_BY_SIZE,
  /** That something was there, and what type and mode it had, is not recorded. */
  BLIND_TO_PRESENCE,
  /** One question in six is lost, always the same ones. */
  FORGETS_SOME,
  /** Questions about links are lost: every other name that begins with {@code l}. */
  BLIND_TO_LINKS,
  /** Questions of the host's files are lost. */
  BLIND_TO_THE_HOST,
  /** Deletions are not part of the outcome. */
  KEEPS_WHAT_IS_DELETED;

  /** The execution as this mutant tells it. */
  Execution lie(Execution told) {
    return switch (this) {
      case NONE -> told;
      case BLIND_TO_ABSENCE -> without(told, fact -> told.sawAbsent().contains(fact.path()));
      case BLIND_TO_LISTINGS -> without(told, fact -> fact.kind() == Kind.LIST);
      case CONTENTS_BY_SIZE -> asking(told, Mutant::bySize);
      case BLIND_TO_PRESENCE ->
          without(
              told, fact -> fact.kind() == Kind.STAT && !told.sawAbsent().contains(fact.path()));
      case FORGETS_SOME -> without(told, fact -> Math.floorMod(fact.path().hashCode(), 6) == 0);
      case BLIND_TO_LINKS -> without(told, fact -> fact.path().matches(".*/l[123]"));
      case BLIND_TO_THE_HOST -> without(told, fact -> fact.path().matches(".*/(h[12]|hd|[km])"));
      case KEEPS_WHAT_IS_DELETED -> keeping(told);
    };
  }

  private static PathFact bySize(PathFact fact) {
    return fact.path().startsWith("/build/") && fact.kind() == Kind.CONTENT
        ? new PathFact(Kind.STAT, fact.path())
        : fact;
  }

  /** Without questions. */
  public static Execution without(Execution told, Predicate<PathFact> lost) {
    return with(
        told,
        told.asked().stream().filter(lost.negate()).collect(Collectors.toUnmodifiableSet()),
        told.outcome());
  }

  private static Execution asking(
      Execution told, java.util.function.UnaryOperator<PathFact> change) {
    Set<PathFact> asked = told.asked().stream().map(change).collect(Collectors.toUnmodifiableSet());
    return with(told, asked, told.outcome());
  }

  private static Execution keeping(Execution told) {
    Outcome outcome = told.outcome();
    return with(
        told,
        told.asked(),
        new Outcome(
            outcome.exitCode(),
            outcome.changes(),
            outcome.rewritten(),
            List.of(),
            outcome.stdout(),
            outcome.stderr(),
            outcome.console()));
  }

  /** The same as a run that must not be remembered. */
  static Execution unrecorded(Execution told) {
    return new Execution(
        told.ending(),
        told.outcome(),
        told.asked(),
        told.sawAbsent(),
        told.duration(),
        told.startedAt(),
        told.notes(),
        told.counters(),
        told.tools(),
        told.diskFull(),
        Optional.of("a clean run leaves nothing behind"),
        told.elsewhere());
  }

  /** Another set of questions, another outcome. */
  public static Execution with(Execution told, Set<PathFact> asked, Outcome outcome) {
    return new Execution(
        told.ending(),
        outcome,
        asked,
        told.sawAbsent(),
        told.duration(),
        told.startedAt(),
        told.notes(),
        told.counters(),
        told.tools(),
        told.diskFull(),
        told.unobserved(),
        told.elsewhere());
  }
}
