package dev.bricolage.memo.model;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.ViewKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A key of a random graph. Its number is its own: no two cells of a graph share it. */
sealed interface Cell extends Key<Integer> {
  int id();

  Traits traits();

  /** The letter that tells kinds apart. */
  String kind();

  /**
   * What a key may say of itself.
   *
   * @param sameness how {@link Key#same} judges
   * @param codec whether it has one
   */
  record Traits(Durability durability, boolean keepsFailures, Sameness sameness, boolean codec) {}

  /** When two values are the same. */
  enum Sameness {
    EQUAL,
    /** When their halves are, which is all that others hear. */
    HALF,
    /** Broken: nothing is ever cut off. */
    NEVER,
    /** Broken: nothing is ever redone. */
    ALWAYS
  }

  /** What who asks this cell makes of its value. */
  default int heard(int value) {
    return traits().sameness() == Sameness.HALF ? value / 2 : value;
  }

  /** An input that edits set. */
  record Input(int id, Traits traits) implements Cell {
    @Override
    public String kind() {
      return "i";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** An input that the view answers. */
  record Seen(int id, Traits traits) implements Cell, ViewKey<Integer> {
    @Override
    public String kind() {
      return "s";
    }

    @Override
    public Integer parse(String answer) {
      return Integer.valueOf(answer);
    }

    @Override
    public String answer(Integer value) {
      return value.toString();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** A task that is remembered in memory. */
  record Plain(int id, Traits traits) implements Cell {
    @Override
    public String kind() {
      return "t";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** A task whose traces outlast the process. */
  record Kept(int id, Traits traits, Trace.Order order) implements Cell, Persistent<Integer> {
    @Override
    public String kind() {
      return order == Trace.Order.ANY ? "a" : "k";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public Codec<Integer> valueCodec() {
      return Numbers.CODEC;
    }

    @Override
    public Optional<Codec<Integer>> codec() {
      return Optional.of(Numbers.CODEC);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** Such as {@code t3}. */
  default String name() {
    return kind() + id();
  }

  @Override
  default Question question() {
    return new Question(kind(), Integer.toString(id()));
  }

  @Override
  default Optional<Codec<Integer>> codec() {
    return Optional.<Codec<Integer>>of(Numbers.CODEC).filter(codec -> traits().codec());
  }

  @Override
  default Durability durability() {
    return traits().durability();
  }

  @Override
  default boolean keepsFailures() {
    return traits().keepsFailures();
  }

  @Override
  default boolean same(Integer before, Integer now) {
    return switch (traits().sameness()) {
      case EQUAL, HALF -> heard(before) == heard(now);
      case NEVER -> false;
      case ALWAYS -> true;
    };
  }

  /** Numbers as decimal digits; some are so long that a trace does not hold them itself. */
  enum Numbers implements Codec<Integer> {
    CODEC;

    private static final String LONG = ".".repeat(100);

    @Override
    public byte[] encode(Integer value) {
      return (value + (value % 2 == 0 ? LONG : "")).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Integer decode(byte[] bytes) {
      return Integer.valueOf(new String(bytes, StandardCharsets.UTF_8).replace(LONG, ""));
    }
  }
}
