package dev.bricolage.bench.engine;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.Question;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A persistent key that asks twenty inputs, one after the other.
 *
 * @param name tells it from others that ask the same
 */
record Tagged(String name) implements Query<Long>, Persistent<Long> {
  static final int INPUTS = 20;

  /** Whom an edit changes: half of the questions come before it and half after. */
  static final Input EDITED = new Input(INPUTS / 2);

  /** Knows the inputs. */
  static final Kinds KINDS =
      question ->
          question.kind().equals("input")
              ? Optional.of(new Input(Integer.parseInt(question.subject())))
              : Optional.empty();

  @Override
  public Long run(Fetch fetch) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < INPUTS; i++) {
      sum = sum * 31 + fetch.fetch(new Input(i));
    }
    return sum;
  }

  @Override
  public Question question() {
    return new Question("tagged", name);
  }

  @Override
  public Codec<Long> valueCodec() {
    return Decimal.CODEC;
  }

  @Override
  public String version() {
    return "1";
  }

  /** What it asks. */
  record Input(int number) implements Key<Long> {
    @Override
    public Question question() {
      return new Question("input", Integer.toString(number));
    }

    @Override
    public Optional<Codec<Long>> codec() {
      return Optional.of(Decimal.CODEC);
    }
  }

  /** Numbers as text. */
  private static final class Decimal implements Codec<Long> {
    static final Codec<Long> CODEC = new Decimal();

    @Override
    public byte[] encode(Long value) {
      return value.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Long decode(byte[] bytes) {
      return Long.valueOf(new String(bytes, StandardCharsets.US_ASCII));
    }
  }
}
