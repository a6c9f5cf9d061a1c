package dev.bricolage.toy.machine;

import dev.bricolage.toy.syntax.Definition;
import dev.bricolage.toy.syntax.Expr;
import dev.bricolage.toy.syntax.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a function that passed its check to code for the {@link Machine}. */
public final class Generator {
  private final Definition.Function function;
  private final Map<String, String> symbols;
  private final Map<String, Long> constants;

  private Generator(
      Definition.Function function, Map<String, String> symbols, Map<String, Long> constants) {
    this.function = function;
    this.symbols = symbols;
    this.constants = constants;
  }

  /**
   * The code of a function.
   *
   * @param symbols what the functions that it calls are called in the whole program
   * @param constants the values of those it uses
   */
  public static Assembly assembly(
      Definition.Function function, Map<String, String> symbols, Map<String, Long> constants) {
    List<Instruction> code =
        new ArrayList<>(new Generator(function, symbols, constants).code(function.body()));
    code.add(new Instruction.Return());
    return new Assembly(code);
  }

  private List<Instruction> code(Expr expression) {
    return switch (expression) {
      case Expr.Literal literal -> List.of(new Instruction.Push(literal.value()));
      case Expr.Truth truth -> List.of(truth(truth.value()));
      case Expr.Name name -> List.of(name(name.name()));
      case Expr.Call call -> call(call);
      case Expr.Negate negate ->
          row(List.of(new Instruction.Push(0)), code(negate.of()), apply(Operator.MINUS));
      case Expr.Not not -> choice(code(not.of()), List.of(truth(false)), List.of(truth(true)));
      case Expr.Binary binary -> binary(binary);
      case Expr.If choice ->
          choice(code(choice.condition()), code(choice.yes()), code(choice.no()));
    };
  }

  private List<Instruction> binary(Expr.Binary binary) {
    List<Instruction> left = code(binary.left());
    List<Instruction> right = code(binary.right());
    return switch (binary.operator()) {
      case OR -> choice(left, List.of(truth(true)), right);
      case AND -> choice(left, right, List.of(truth(false)));
      default -> row(left, right, apply(binary.operator()));
    };
  }

  private List<Instruction> call(Expr.Call call) {
    List<Instruction> code = new ArrayList<>();
    call.arguments().forEach(argument -> code.addAll(code(argument)));
    String symbol = known(symbols, call.function());
    code.add(new Instruction.Call(symbol, call.arguments().size()));
    return code;
  }

  private Instruction name(String name) {
    int index = function.indexOf(name);
    return index >= 0
        ? new Instruction.Argument(index)
        : new Instruction.Push(known(constants, name));
  }

  private static <T> T known(Map<String, T> names, String name) {
    T found = names.get(name);
    if (found == null) {
      throw new IllegalArgumentException("code for what did not pass its check: no " + name);
    }
    return found;
  }

  private static List<Instruction> choice(
      List<Instruction> condition, List<Instruction> yes, List<Instruction> no) {
    return row(
        condition,
        List.of(new Instruction.SkipUnless(yes.size() + 1)),
        yes,
        List.of(new Instruction.Skip(no.size())),
        no);
  }

  private static List<Instruction> apply(Operator operator) {
    return List.of(new Instruction.Apply(operator));
  }

  private static Instruction truth(boolean is) {
    return new Instruction.Push(is ? 1 : 0);
  }

  @SafeVarargs
  private static List<Instruction> row(List<Instruction>... parts) {
    List<Instruction> row = new ArrayList<>();
    for (List<Instruction> part : parts) {
      row.addAll(part);
    }
    return row;
  }
}
