package dev.bricolage.toy.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole program: the code of all functions in a row.
 *
 * @param entries where each begins, by its name in the whole program
 */
public record Executable(SortedMap<String, Integer> entries, List<Instruction> instructions) {
  /** A program of nothing. */
  public static final Executable EMPTY = new Executable(new TreeMap<>(), List.of());

  /** Copies. */
  public Executable {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    instructions = List.copyOf(instructions);
  }

  /**
   * Links functions.
   *
   * @throws IllegalArgumentException when one calls what is not there
   */
  public static Executable link(SequencedMap<String, Assembly> functions) {
    SortedMap<String, Integer> entries = new TreeMap<>();
    List<Instruction> instructions = new ArrayList<>();
    for (Map.Entry<String, Assembly> function : functions.entrySet()) {
      entries.put(function.getKey(), instructions.size());
      instructions.addAll(function.getValue().instructions());
    }
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.Call call && !entries.containsKey(call.symbol())) {
        throw new IllegalArgumentException(
            call.symbol() + " is called, and its file is not part of the program");
      }
    }
    return new Executable(entries, instructions);
  }

  /** The listing, a line an instruction, each function below its name. */
  public String listing() {
    Map<Integer, String> names = new TreeMap<>();
    entries.forEach((name, entry) -> names.put(entry, name));
    StringBuilder listing = new StringBuilder();
    for (int i = 0; i < instructions.size(); i++) {
      if (names.containsKey(i)) {
        listing.append(names.get(i)).append(":\n");
      }
      listing.append("  ").append(instructions.get(i)).append('\n');
    }
    return listing.toString();
  }
}
