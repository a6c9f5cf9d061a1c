package dev.bricolage.fronts.ninja.manifest;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Some numbers in a row: a piece of a longer array, which nobody changes any more. */
public final class Ints {
  private final int[] array;
  private final int from;
  private final int to;

  Ints(int[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.to = to;
  }

  /** These numbers. */
  public static Ints of(int... numbers) {
    return new Ints(numbers.clone(), 0, numbers.length);
  }

  /** How many. */
  public int size() {
    return to - from;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return from == to;
  }

  /** The {@code index}th, from 0. */
  public int get(int index) {
    if (index < 0 || index >= to - from) {
      throw new IndexOutOfBoundsException(index + " of " + size());
    }
    return array[from + index];
  }

  /** Whether it is among them. */
  public boolean contains(int number) {
    for (int i = from; i < to; i++) {
      if (array[i] == number) {
        return true;
      }
    }
    return false;
  }

  /** All of them, in order. */
  public IntStream stream() {
    return Arrays.stream(array, from, to);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ints ints
        && Arrays.equals(array, from, to, ints.array, ints.from, ints.to);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(stream().toArray());
  }
}
