package dev.bricolage.execute;

import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.memo.Answer;
import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * "What does this command give?" It names the command, its environment, its folder and the kind of
 * sandbox, never the checkout it runs in.
 */
public record RunKey(Command command) implements Persistent<RunKey.Result> {
  /**
   * What a run came to.
   *
   * @param outcome the digest of its {@link dev.bricolage.action.Outcome}
   * @param took how long it ran, in milliseconds as it is kept
   */
  public record Result(Digest outcome, Duration took) {
    /** What a run's trace says it came to; empty when it is no trace of a run. */
    public static Optional<Result> in(Trace trace) {
      try {
        return Answer.bytes(trace.value()).map(CODEC::decode);
      } catch (IllegalArgumentException other) {
        return Optional.empty();
      }
    }
  }

  static final Codec<Result> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(Result result) {
          return (result.outcome() + " " + result.took().toMillis())
              .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Result decode(byte[] bytes) {
          String text = new String(bytes, StandardCharsets.UTF_8);
          int blank = text.indexOf(' ');
          if (blank < 0) {
            throw new IllegalArgumentException("no result of a run: " + text);
          }
          return new Result(
              Digest.parse(text.substring(0, blank)),
              Duration.ofMillis(Long.parseLong(text.substring(blank + 1))));
        }
      };

  @Override
  public Question question() {
    return new Question("run", command.digest().toString());
  }

  @Override
  public Codec<Result> valueCodec() {
    return CODEC;
  }

  /** The kind of sandbox is in the command's platform. */
  @Override
  public String version() {
    return "1";
  }

  /** Which of a command's processes asks first is chance. */
  @Override
  public Trace.Order order() {
    return Trace.Order.ANY;
  }

  /** What keeps a command from being run is not its own doing. */
  @Override
  public boolean keepsFailures() {
    return false;
  }
}
