package dev.bricolage.toy.machine;

import dev.bricolage.toy.syntax.Operator;

/** What the {@link Machine} can do. Jumps are relative, so that code may be laid anywhere. */
public sealed interface Instruction {
  /** Puts a number on the stack. */
  record Push(long number) implements Instruction {
    @Override
    public String toString() {
      return "push " + number;
    }
  }

  /** Puts an argument of the call, from 0, on the stack. */
  record Argument(int index) implements Instruction {
    @Override
    public String toString() {
      return "argument " + index;
    }
  }

  /** Takes two numbers from the stack and puts the result. */
  record Apply(Operator operator) implements Instruction {
    @Override
    public String toString() {
      return "apply " + operator;
    }
  }

  /** Skips this many instructions. */
  record Skip(int instructions) implements Instruction {
    @Override
    public String toString() {
      return "skip " + instructions;
    }
  }

  /** Takes a number from the stack, and skips when it is 0. */
  record SkipUnless(int instructions) implements Instruction {
    @Override
    public String toString() {
      return "skip-unless " + instructions;
    }
  }

  /** Takes the arguments from the stack and puts what the function gives. */
  record Call(String symbol, int arguments) implements Instruction {
    @Override
    public String toString() {
      return "call " + symbol + " " + arguments;
    }
  }

  /** Ends the call; the top of the stack is what it gives. */
  record Return() implements Instruction {
    @Override
    public String toString() {
      return "return";
    }
  }
}
