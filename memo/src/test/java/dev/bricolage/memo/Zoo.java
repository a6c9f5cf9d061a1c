package dev.bricolage.memo;

import dev.bricolage.action.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Records of every shape that has an encoding, from a seed. */
final class Zoo {
  private static final int[] LETTERS =
      "abz09-=:,./#?!'\"\\ ()[]{}\n\t\r\0\u007f\u00a0äß\u200b\u2028\u202e\u3000日\ufeff\ud800\udfff\uffff😀"
          .codePoints()
          .toArray();

  private final SplittableRandom random;

  Zoo(long seed) {
    random = new SplittableRandom(seed);
  }

  enum Color {
    RED {
      @Override
      public String toString() {
        return "as red as can be";
      }
    },
    GREEN,
    BLUE
  }

  sealed interface Expression {}

  record Literal(int value) implements Expression {}

  record Sum(Expression left, Expression right) implements Expression {}

  record Call(String function, List<Expression> arguments) implements Expression {}

  record Nothing() implements Expression {}

  record Pair<A, B>(A first, B second) {}

  sealed interface Tree<T> {}

  record Leaf<T>(T value) implements Tree<T> {}

  record Fork<U>(Tree<U> left, Tree<U> right) implements Tree<U> {}

  record Size(int width, int height) implements Comparable<Size> {
    @Override
    public int compareTo(Size other) {
      return Comparator.comparingInt(Size::width)
          .thenComparingInt(Size::height)
          .compare(this, other);
    }
  }

  record Scalars(
      boolean yes, char letter, byte b, short s, int i, long l, float f, double d, String text) {}

  record Boxes(
      Boolean yes, Character letter, Byte b, Short s, Integer i, Long l, Float f, Double d) {}

  record Everything(
      Scalars scalars,
      Boxes boxes,
      String text,
      Color color,
      Digest digest,
      Optional<String> perhaps,
      Optional<Optional<Integer>> perhapsPerhaps,
      List<String> row,
      List<List<Expression>> rows,
      SortedSet<String> words,
      SortedSet<Size> sizes,
      SortedMap<String, Color> colors,
      SortedMap<Size, List<Long>> longs,
      Expression expression,
      Pair<String, Pair<Integer, List<Color>>> pair,
      Tree<Optional<String>> tree)
      implements Key<String> {}

  record Small(String name, int number) implements Key<String> {}

  record Texts(String a, String b, List<String> c, Optional<String> d) implements Key<String> {}

  /** One of the keys. */
  Key<String> key() {
    return switch (random.nextInt(4)) {
      case 0 -> everything();
      case 1 -> new Small(text(), random.nextInt(3));
      default -> new Texts(text(), text(), row(this::text), perhaps(this::text));
    };
  }

  Everything everything() {
    return new Everything(
        scalars(),
        boxes(),
        text(),
        color(),
        digest(),
        perhaps(this::text),
        perhaps(() -> perhaps(this::whole)),
        row(this::text),
        row(() -> row(() -> expression(3))),
        set(this::text, Comparator.naturalOrder()),
        set(this::size, Comparator.comparingInt(Size::height).thenComparingInt(Size::width)),
        map(this::text, this::color),
        map(this::size, () -> row(random::nextLong)),
        expression(4),
        new Pair<>(text(), new Pair<>(whole(), row(this::color))),
        tree(3));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return text.toString();
  }

  Expression expression(int depth) {
    return switch (random.nextInt(depth == 0 ? 2 : 5)) {
      case 0 -> new Literal(whole());
      case 1 -> new Nothing();
      case 2 -> new Call(text(), row(() -> expression(depth - 1)));
      default -> new Sum(expression(depth - 1), expression(depth - 1));
    };
  }

  private Tree<Optional<String>> tree(int depth) {
    return depth == 0 || random.nextBoolean()
        ? new Leaf<>(perhaps(this::text))
        : new Fork<>(tree(depth - 1), tree(depth - 1));
  }

  private Scalars scalars() {
    return new Scalars(
        random.nextBoolean(),
        letter(),
        (byte) random.nextInt(),
        (short) random.nextInt(),
        whole(),
        random.nextLong(),
        Float.intBitsToFloat(random.nextInt()),
        real(),
        text());
  }

  private Boxes boxes() {
    return new Boxes(
        random.nextBoolean(),
        letter(),
        (byte) random.nextInt(),
        (short) random.nextInt(),
        whole(),
        random.nextLong(),
        Float.intBitsToFloat(random.nextInt()),
        real());
  }

  private char letter() {
    return (char) LETTERS[random.nextInt(LETTERS.length - 1)];
  }

  private double real() {
    return switch (random.nextInt(6)) {
      case 0 -> Double.NaN;
      case 1 -> -0.0;
      case 2 -> 0.0;
      case 3 -> Double.NEGATIVE_INFINITY;
      case 4 -> Double.longBitsToDouble(random.nextLong());
      default -> random.nextDouble();
    };
  }

  private int whole() {
    return random.nextBoolean() ? random.nextInt() : random.nextInt(-2, 3);
  }

  private Color color() {
    return Color.values()[random.nextInt(3)];
  }

  private Size size() {
    return new Size(random.nextInt(3), random.nextInt(3));
  }

  private Digest digest() {
    return Digest.of(text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private <T> Optional<T> perhaps(Supplier<T> made) {
    return random.nextBoolean() ? Optional.empty() : Optional.of(made.get());
  }

  private <T> List<T> row(Supplier<T> made) {
    List<T> row = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      row.add(made.get());
    }
    return row;
  }

  private <T> SortedSet<T> set(Supplier<T> made, Comparator<T> order) {
    SortedSet<T> set = new TreeSet<>(random.nextBoolean() ? order : order.reversed());
    set.addAll(row(made));
    return set;
  }

  private <K extends Comparable<K>, V> SortedMap<K, V> map(Supplier<K> keys, Supplier<V> values) {
    SortedMap<K, V> map =
        random.nextBoolean() ? new TreeMap<>() : new TreeMap<>(Comparator.<K>reverseOrder());
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(keys.get(), values.get());
    }
    return map;
  }
}
