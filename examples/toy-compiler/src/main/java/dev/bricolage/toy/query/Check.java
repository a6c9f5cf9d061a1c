package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.toy.check.Checker;
import dev.bricolage.toy.check.Problems;
import dev.bricolage.toy.syntax.Definition;
import dev.bricolage.toy.syntax.Problem;
import java.util.List;

/** What is wrong with a function or a constant. */
public record Check(String file, String name) implements Stage<Problems> {
  @Override
  public Problems run(Fetch fetch) throws InterruptedException {
    Definition definition = fetch.fetch(new Syntax(file, name));
    Homes homes = new Homes(file, definition.uses());
    Problems problems = Checker.check(definition, homes.each(fetch, Signature::new));
    return problems.none() && definition instanceof Definition.Constant
        ? value(fetch, homes)
        : problems;
  }

  /**
   * What fails is judged by that it fails and not by the exception: of a failure that comes from
   * the store only the text is left.
   */
  private Problems value(Fetch fetch, Homes homes) throws InterruptedException {
    try {
      homes.each(fetch, Constant::new);
    } catch (TaskFailed another) {
      return Problems.NONE; // it is told where that one stands
    }
    try {
      fetch.fetch(new Constant(file, name));
      return Problems.NONE;
    } catch (TaskFailed divided) {
      return new Problems(List.of(new Problem(0, name + " divides by zero")));
    }
  }

  @Override
  public Codec<Problems> valueCodec() {
    return Codec.ofRecord(Problems.class);
  }
}
