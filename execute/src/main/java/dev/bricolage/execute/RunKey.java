package dev.bricolage.execute;

import dev.bricolage.action.Command;
import dev.bricolage.action.Outcome;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Question;

/**
 * "What does this command give?" It names the command, its environment, its folder and the kind of
 * sandbox, never the checkout it runs in.
 */
public record RunKey(Command command) implements Key<Outcome> {
  @Override
  public Question question() {
    return new Question("run", command.digest().toString());
  }
}
