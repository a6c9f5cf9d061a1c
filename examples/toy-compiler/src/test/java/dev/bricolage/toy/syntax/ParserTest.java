package dev.bricolage.toy.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ParserTest {
  @Test
  void operatorsBindByTheirStrengthAndToTheLeft() {
    assertEquals("((1 - 2) - (3 * 4))", shown("1 - 2 - 3 * 4"));
    assertEquals("((a or (b and (c < (1 + 2)))) or d)", shown("a or b and c < 1 + 2 or d"));
    assertEquals("((1 + 2) * 3)", shown("(1 + 2) * 3"));
    assertEquals("((-a) * f(1, (not b)))", shown("-a * f(1, not b)"));
    assertEquals(
        "if (a == 1) then 2 else if b then 3 else 4",
        shown("if a==1 then 2 else if b then 3 else 4"));
  }

  @Test
  void aFunctionHasParametersAndTypes() {
    assertEquals(
        new Definition.Function(
            List.of(
                new Definition.Parameter("a", Type.INT), new Definition.Parameter("b", Type.BOOL)),
            Type.INT,
            new Expr.Name(14, "a")),
        parse("fun f(a: int, b: bool): int = a"));
  }

  @Test
  void whatItUsesAreTheNamesOfOthers() {
    Definition definition = parse("fun f(a: int): int = if a < limit then g(a, b) else f(-a)");
    assertEquals("[f, g]", definition.calls().toString());
    assertEquals("[b, limit]", definition.constants().toString());
    assertEquals("[b, f, g, limit]", definition.uses().toString());
  }

  @Test
  void mistakesAreValues() {
    assertBroken("int or bool must stand here, not )", "fun f(a:) = 1", 5);
    assertBroken("an expression must stand here, not the end", "const a =", 3);
    assertBroken("import, const or fun must stand here, not 2", "const a = 1 2", 4);
    assertBroken("there is a parameter a already", "fun f(a: int, a: int): int = 1", 7);
    assertBroken("else must stand here, not the end", "const a = if b then 1", 7);
    assertBroken(
        "9223372036854775808 is more than 9223372036854775807", "const a = 9223372036854775808", 3);
    assertBroken("an expression must stand here, not $", "const a = $", 3);
  }

  @Test
  void depthHasAnEnd() {
    assertInstanceOf(
        Definition.Constant.class, parse("const a = " + "(".repeat(99) + "1" + ")".repeat(99)));
    String tooDeep = "more than 100 expressions in one another";
    assertBroken(tooDeep, "const a = " + "(".repeat(100_000) + "1", 103);
    assertBroken(tooDeep, "const a = " + "-".repeat(100_000) + "1", 103);
    assertBroken(tooDeep, "const a = 1" + " + 1".repeat(100_000), 202);
  }

  @Test
  void aHeaderIsReadableWhateverTheBody() {
    assertEquals(
        new Symbol.Function(List.of(Type.INT), Type.BOOL),
        Parser.symbol(Lexer.tokens("fun f(a: int): bool = + +")));
    assertEquals(new Symbol.Constant(), Parser.symbol(Lexer.tokens("const a = ")));
    assertEquals(new Symbol.Unreadable(), Parser.symbol(Lexer.tokens("fun f(a: int) = 1")));
  }

  private static Definition parse(String text) {
    return Parser.definition(Lexer.tokens(text));
  }

  private static void assertBroken(String message, String text, int at) {
    assertEquals(new Definition.Broken(new Problem(at, message)), parse(text));
  }

  private static String shown(String expression) {
    return show(
        assertInstanceOf(Definition.Constant.class, parse("const x = " + expression)).value());
  }

  private static String show(Expr expression) {
    List<String> parts = expression.parts().stream().map(ParserTest::show).toList();
    return switch (expression) {
      case Expr.Literal literal -> String.valueOf(literal.value());
      case Expr.Truth truth -> String.valueOf(truth.value());
      case Expr.Name name -> name.name();
      case Expr.Call call -> call.function() + "(" + String.join(", ", parts) + ")";
      case Expr.Negate _ -> "(-" + parts.getFirst() + ")";
      case Expr.Not _ -> "(not " + parts.getFirst() + ")";
      case Expr.Binary binary ->
          "(" + parts.getFirst() + " " + binary.operator() + " " + parts.get(1) + ")";
      case Expr.If _ ->
          "if " + parts.getFirst() + " then " + parts.get(1) + " else " + parts.get(2);
    };
  }
}
