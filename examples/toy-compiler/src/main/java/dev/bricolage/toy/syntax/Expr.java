package dev.bricolage.toy.syntax;

import java.util.List;
import java.util.stream.Stream;

/** An expression. {@code at} is the token that says what it is, counted from the item's first. */
public sealed interface Expr {
  /** Its token. */
  int at();

  /** Such as {@code 42}. */
  record Literal(int at, long value) implements Expr {}

  /** {@code true} or {@code false}. */
  record Truth(int at, boolean value) implements Expr {}

  /** A parameter or a constant. */
  record Name(int at, String name) implements Expr {}

  /** Such as {@code gcd(4, 6)}. */
  record Call(int at, String function, List<Expr> arguments) implements Expr {
    /** Copies. */
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code -x}. */
  record Negate(int at, Expr of) implements Expr {}

  /** {@code not x}. */
  record Not(int at, Expr of) implements Expr {}

  /** Such as {@code a + b}. */
  record Binary(int at, Operator operator, Expr left, Expr right) implements Expr {}

  /** {@code if c then a else b}. */
  record If(int at, Expr condition, Expr yes, Expr no) implements Expr {}

  /** What it is made of, from left to right. */
  default List<Expr> parts() {
    return switch (this) {
      case Literal _, Truth _, Name _ -> List.of();
      case Call call -> call.arguments();
      case Negate negate -> List.of(negate.of());
      case Not not -> List.of(not.of());
      case Binary binary -> List.of(binary.left(), binary.right());
      case If choice -> List.of(choice.condition(), choice.yes(), choice.no());
    };
  }

  /** This and all below it. */
  default Stream<Expr> all() {
    return Stream.concat(Stream.of(this), parts().stream().flatMap(Expr::all));
  }
}
