package dev.bricolage.fronts.ninja.manifest;

import java.util.Arrays;

/** A growing array of numbers. */
final class IntList {
  private int[] array = new int[16];
  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    return array[index];
  }

  void set(int index, int value) {
    array[index] = value;
  }

  void add(int value) {
    if (size == array.length) {
      array = Arrays.copyOf(array, size + (size >> 1));
    }
    array[size++] = value;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  int last() {
    return array[size - 1];
  }

  Ints slice(int from, int to) {
    return new Ints(array, from, to);
  }

  void trim() {
    array = Arrays.copyOf(array, Math.max(size, 1));
  }
}
