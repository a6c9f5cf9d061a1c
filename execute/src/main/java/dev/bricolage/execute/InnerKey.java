package dev.bricolage.execute;

import dev.bricolage.action.Command;
import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Trace;

/**
 * "What does this tool give, started so inside a build?" The command's platform holds what else the
 * tool can tell: its own path, the umask, limits, what is on standard input, which outputs are
 * terminals.
 */
record InnerKey(Command command) implements Persistent<RunKey.Result> {
  @Override
  public Question question() {
    return new Question("inner", command.digest().toString());
  }

  @Override
  public Codec<RunKey.Result> valueCodec() {
    return RunKey.CODEC;
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Trace.Order order() {
    return Trace.Order.ANY;
  }

  @Override
  public boolean keepsFailures() {
    return false;
  }

  @Override
  public String toString() {
    return command.arguments().getFirst() + " in " + command.directory();
  }
}
