package dev.bricolage.toy.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Runs an {@link Executable}: one stack of numbers, one of calls. */
public final class Machine {
  private static final int DEEPEST = 100_000;

  private final Executable program;
  private final Deque<Long> stack = new ArrayDeque<>();
  private final Deque<Frame> calls = new ArrayDeque<>();

  private Machine(Executable program) {
    this.program = program;
  }

  /** A call: its arguments, and where to go on after it. */
  private record Frame(List<Long> arguments, int back) {}

  /**
   * What a function gives for these arguments.
   *
   * @throws ArithmeticException for a division by zero, and for 100,000 calls in one another
   */
  public static long run(Executable program, String symbol, long... arguments) {
    return new Machine(program).run(symbol, arguments);
  }

  private long run(String symbol, long... arguments) {
    Arrays.stream(arguments).forEach(stack::push);
    int at = call(new Instruction.Call(symbol, arguments.length), 0);
    while (!calls.isEmpty()) {
      at = step(program.instructions().get(at), at + 1);
    }
    return stack.pop();
  }

  /** Does one instruction, and says which comes next. */
  private int step(Instruction instruction, int next) {
    return switch (instruction) {
      case Instruction.Push push -> put(push.number(), next);
      case Instruction.Argument argument ->
          put(calls.getFirst().arguments().get(argument.index()), next);
      case Instruction.Apply apply -> {
        long right = stack.pop();
        yield put(apply.operator().apply(stack.pop(), right), next);
      }
      case Instruction.Skip skip -> next + skip.instructions();
      case Instruction.SkipUnless skip -> stack.pop() == 0 ? next + skip.instructions() : next;
      case Instruction.Call call -> call(call, next);
      case Instruction.Return _ -> calls.pop().back();
    };
  }

  private int put(long number, int next) {
    stack.push(number);
    return next;
  }

  private int call(Instruction.Call call, int back) {
    Integer entry = program.entries().get(call.symbol());
    if (entry == null) {
      throw new IllegalArgumentException("no function " + call.symbol() + " in the program");
    }
    if (calls.size() == DEEPEST) {
      throw new ArithmeticException(call.symbol() + " is called too deep");
    }
    List<Long> arguments = new ArrayList<>();
    for (int i = 0; i < call.arguments(); i++) {
      arguments.addFirst(stack.pop());
    }
    calls.push(new Frame(arguments, back));
    return entry;
  }
}
