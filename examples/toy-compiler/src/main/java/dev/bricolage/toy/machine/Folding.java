package dev.bricolage.toy.machine;

import dev.bricolage.toy.syntax.Expr;
import java.util.Map;

/** The value of a constant. */
public final class Folding {
  private Folding() {}

  /**
   * The value of a constant's expression.
   *
   * @param constants the values of those it uses
   * @throws ArithmeticException for a division by zero
   * @throws IllegalArgumentException when it did not pass its check
   */
  public static long value(Expr expression, Map<String, Long> constants) {
    return switch (expression) {
      case Expr.Literal literal -> literal.value();
      case Expr.Truth truth -> truth.value() ? 1 : 0;
      case Expr.Name name -> known(name.name(), constants);
      case Expr.Call call ->
          throw new IllegalArgumentException("a constant calls " + call.function());
      case Expr.Negate negate -> -value(negate.of(), constants);
      case Expr.Not not -> 1 - value(not.of(), constants);
      case Expr.Binary binary -> binary(binary, constants);
      case Expr.If choice ->
          value(choice.condition(), constants) == 1
              ? value(choice.yes(), constants)
              : value(choice.no(), constants);
    };
  }

  /** As the machine does, {@code or} and {@code and} look at their right side only if they must. */
  private static long binary(Expr.Binary binary, Map<String, Long> constants) {
    long left = value(binary.left(), constants);
    return switch (binary.operator()) {
      case OR -> left == 1 ? 1 : value(binary.right(), constants);
      case AND -> left == 0 ? 0 : value(binary.right(), constants);
      default -> binary.operator().apply(left, value(binary.right(), constants));
    };
  }

  private static long known(String name, Map<String, Long> constants) {
    Long value = constants.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no constant " + name);
    }
    return value;
  }
}
