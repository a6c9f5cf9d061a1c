package dev.bricolage.toy.machine;

import java.util.List;

/** The code of one function. */
public record Assembly(List<Instruction> instructions) {
  /** Copies. */
  public Assembly {
    instructions = List.copyOf(instructions);
  }
}
