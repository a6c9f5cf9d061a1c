package dev.bricolage.toy.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.toy.syntax.Lexer;
import dev.bricolage.toy.syntax.Parser;
import dev.bricolage.toy.syntax.Symbol;
import dev.bricolage.toy.syntax.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CheckerTest {
  private static final Map<String, Symbol> SYMBOLS =
      Map.of(
          "limit", new Symbol.Constant(),
          "less", new Symbol.Function(List.of(Type.INT, Type.INT), Type.BOOL),
          "wrong", new Symbol.Unreadable());

  @Test
  void whatIsRightHasNoProblem() {
    assertEquals(List.of(), check("const a = -limit * 2"));
    assertEquals(List.of(), check("fun f(a: int): bool = not less(a, limit) and a != 1"));
  }

  @Test
  void typesMustAgree() {
    assertEquals(List.of("3: this must be int, not bool"), check("const a = true"));
    assertEquals(
        List.of("7: this must be int, not bool", "11: this must be bool, not int"),
        check("fun f(): bool = true == 1 and 2"));
    assertEquals(
        List.of("8: this must be bool, not int", "12: this must be int, not bool"),
        check("fun f(): int = if 1 then 2 else true"));
  }

  @Test
  void callsMustFit() {
    assertEquals(
        List.of("7: less(int, int): bool is given 1", "9: this must be int, not bool"),
        check("fun f(): bool = less(true)"));
    assertEquals(
        List.of("7: less(int, int): bool is given 3"), check("fun f(): bool = less(1, 2, 3)"));
    assertEquals(
        List.of("7: limit is a constant: it takes nothing"), check("fun f(): int = limit()"));
    assertEquals(List.of("7: less is a function: call it"), check("fun f(): int = less"));
    assertEquals(List.of("3: a constant cannot call a function"), check("const a = less(1, 2)"));
  }

  @Test
  void oneMistakeIsToldOnce() {
    assertEquals(
        List.of("7: nowhere is not defined here, nor in an imported file"),
        check("fun f(): int = nowhere(1 + 1) + 1"));
    assertEquals(List.of(), check("fun f(): int = wrong(true) + wrong"));
    assertEquals(List.of("3: an expression must stand here, not the end"), check("const a ="));
  }

  private static List<String> check(String text) {
    return Checker.check(Parser.definition(Lexer.tokens(text)), SYMBOLS).list().stream()
        .map(problem -> problem.at() + ": " + problem.message())
        .toList();
  }
}
