package dev.bricolage.toy.syntax;

import java.util.Arrays;
import java.util.Optional;

/** What stands between two expressions. On the machine false is 0 and true is 1. */
public enum Operator {
  OR("or", 1, Type.BOOL, Type.BOOL),
  AND("and", 2, Type.BOOL, Type.BOOL),
  EQUAL("==", 3, Type.INT, Type.BOOL),
  UNEQUAL("!=", 3, Type.INT, Type.BOOL),
  LESS("<", 3, Type.INT, Type.BOOL),
  AT_MOST("<=", 3, Type.INT, Type.BOOL),
  MORE(">", 3, Type.INT, Type.BOOL),
  AT_LEAST(">=", 3, Type.INT, Type.BOOL),
  PLUS("+", 4, Type.INT, Type.INT),
  MINUS("-", 4, Type.INT, Type.INT),
  TIMES("*", 5, Type.INT, Type.INT),
  BY("/", 5, Type.INT, Type.INT),
  REST("%", 5, Type.INT, Type.INT);

  private final String symbol;
  private final int strength;
  private final Type takes;
  private final Type gives;

  Operator(String symbol, int strength, Type takes, Type gives) {
    this.symbol = symbol;
    this.strength = strength;
    this.takes = takes;
    this.gives = gives;
  }

  static Optional<Operator> of(Token token) {
    return Arrays.stream(values()).filter(operator -> token.is(operator.symbol)).findFirst();
  }

  /** The stronger takes its neighbours first; of the same strength, the one on the left. */
  int strength() {
    return strength;
  }

  /** What stands on both sides of it. */
  public Type takes() {
    return takes;
  }

  /** What comes of it. */
  public Type gives() {
    return gives;
  }

  /**
   * The result; what is too large wraps around.
   *
   * @throws ArithmeticException for a division by zero
   */
  public long apply(long left, long right) {
    return switch (this) {
      case OR -> left | right;
      case AND -> left & right;
      case EQUAL -> truth(left == right);
      case UNEQUAL -> truth(left != right);
      case LESS -> truth(left < right);
      case AT_MOST -> truth(left <= right);
      case MORE -> truth(left > right);
      case AT_LEAST -> truth(left >= right);
      case PLUS -> left + right;
      case MINUS -> left - right;
      case TIMES -> left * right;
      case BY -> left / right;
      case REST -> left % right;
    };
  }

  private static long truth(boolean is) {
    return is ? 1 : 0;
  }

  @Override
  public String toString() {
    return symbol;
  }
}
