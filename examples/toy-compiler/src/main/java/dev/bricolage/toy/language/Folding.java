package dev.bricolage.toy.language;

import java.util.Map;

/** The value of a constant. */
public final class Folding {
  private Folding() {}

  /**
   * The value of an expression that passed its check.
   *
   * @param constants the values of those it uses
   * @throws ArithmeticException for a division by zero
   */
  public static long value(Expr expression, Map<String, Long> constants) {
    return switch (expression) {
      case Expr.Literal literal -> literal.value();
      case Expr.Truth truth -> truth.value() ? 1 : 0;
      case Expr.Name name -> constants.getOrDefault(name.name(), 0L);
      case Expr.Call call -> throw new IllegalArgumentException("a constant calls " + call);
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
}
