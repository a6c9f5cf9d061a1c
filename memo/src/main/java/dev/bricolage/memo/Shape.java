package dev.bricolage.memo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type are written as words, and read. Equal values give equal words. {@link
 * Shaping} finds the shape of a type.
 */
sealed interface Shape
    permits Shape.Word,
        Shape.Perhaps,
        Shape.Row,
        Shape.SortedRow,
        Shape.SortedPairs,
        RecordShape,
        VariantShape {

  /** The type as the texts of other shapes name it. */
  String name();

  /** What it consists of, for those whose name does not say it. */
  default String text() {
    return name();
  }

  /** Writes a value of this type; throws {@link IllegalArgumentException} when it cannot be. */
  void write(Object value, WordWriter out);

  /** Reads a value; throws {@link IllegalArgumentException} when none of this type is next. */
  Object read(WordReader in);

  /** What is one word: texts, numbers, names. */
  record Word(String name, Function<Object, String> print, Function<String, Object> parse)
      implements Shape {
    @Override
    public void write(Object value, WordWriter out) {
      out.word(print.apply(value));
    }

    @Override
    public Object read(WordReader in) {
      return parse.apply(in.word());
    }
  }

  /** An {@link Optional}: {@code []} or {@code [x]}. */
  record Perhaps(Shape element) implements Shape {
    @Override
    public String name() {
      return "Optional<" + element.name() + ">";
    }

    @Override
    public void write(Object value, WordWriter out) {
      out.open('[');
      ((Optional<?>) value).ifPresent(present -> element.write(present, out));
      out.close(']');
    }

    @Override
    public Object read(WordReader in) {
      in.open('[');
      Optional<Object> value = in.closes(']') ? Optional.empty() : Optional.of(element.read(in));
      in.close(']');
      return value;
    }
  }

  /** A {@link List}: {@code [x y]}. */
  record Row(Shape element) implements Shape {
    @Override
    public String name() {
      return "List<" + element.name() + ">";
    }

    @Override
    public void write(Object value, WordWriter out) {
      writeAll((List<?>) value, element, out);
    }

    @Override
    public Object read(WordReader in) {
      return List.copyOf(readAll(element, in));
    }
  }

  /** A {@link SortedSet} in natural order, whatever its own is: {@code [x y]}. */
  record SortedRow(Shape element) implements Shape {
    @Override
    public String name() {
      return "SortedSet<" + element.name() + ">";
    }

    @Override
    public void write(Object value, WordWriter out) {
      SortedSet<?> set = (SortedSet<?>) value;
      writeAll(set.comparator() == null ? set : natural(set), element, out);
    }

    @Override
    public Object read(WordReader in) {
      return Collections.unmodifiableNavigableSet(new TreeSet<>(readAll(element, in)));
    }
  }

  /** A {@link SortedMap} in natural order, whatever its own is: {@code {k v l w}}. */
  record SortedPairs(Shape key, Shape value) implements Shape {
    @Override
    public String name() {
      return "SortedMap<" + key.name() + ", " + value.name() + ">";
    }

    @Override
    public void write(Object object, WordWriter out) {
      SortedMap<?, ?> map = (SortedMap<?, ?>) object;
      out.open('{');
      for (Object next : map.comparator() == null ? map.keySet() : natural(map.keySet())) {
        key.write(next, out);
        value.write(present(map.get(next), "a value"), out);
      }
      out.close('}');
    }

    @Override
    public Object read(WordReader in) {
      NavigableMap<Object, Object> map = new TreeMap<>();
      in.open('{');
      while (!in.closes('}')) {
        Object next = key.read(in);
        map.put(next, value.read(in));
      }
      in.close('}');
      return Collections.unmodifiableNavigableMap(map);
    }
  }

  /** What is there, of a value that NullAway does not know. */
  static Object present(@Nullable Object value, String what) {
    if (value == null) {
      throw new IllegalArgumentException(what + " is null");
    }
    return value;
  }

  private static void writeAll(Iterable<?> values, Shape element, WordWriter out) {
    out.open('[');
    for (Object value : values) {
      element.write(present(value, "an element"), out);
    }
    out.close(']');
  }

  private static List<Object> readAll(Shape element, WordReader in) {
    List<Object> values = new ArrayList<>();
    in.open('[');
    while (!in.closes(']')) {
      values.add(element.read(in));
    }
    in.close(']');
    return values;
  }

  /**
   * Sets that are equal have the same elements, in whatever order: they are to have one encoding.
   */
  private static List<Object> natural(Iterable<?> keys) {
    List<Object> sorted = new ArrayList<>();
    keys.forEach(sorted::add);
    sorted.sort(null);
    return sorted;
  }
}
