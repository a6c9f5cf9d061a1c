package dev.bricolage.toy.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.toy.syntax.Definition;
import dev.bricolage.toy.syntax.Lexer;
import dev.bricolage.toy.syntax.Parser;
import dev.bricolage.toy.syntax.TokenList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Generated code, linked and run; and what is known without running. */
final class MachineTest {
  @Test
  void codeDoesWhatTheTextSays() {
    assertEquals(7, run("fun f(): int = 1 + 2 * 3"));
    assertEquals(-9, run("fun f(): int = -(2 * limit) / 4 - 4"));
    assertEquals(1, run("fun f(): int = 9 % 4 % 2"));
    assertEquals(1, run("fun f(): bool = not (1 > 2) and (3 <= 3 or 1 / 0 == 1)"));
    assertEquals(0, run("fun f(): bool = 1 >= 2 and 1 / 0 == 1"));
    assertEquals(2, run("fun f(a: int, b: int): int = if a != b then b else 1 / 0", 1, 2));
  }

  @Test
  void functionsCallEachOther() {
    Executable program =
        link(
            "fun gcd(a: int, b: int): int = if b == 0 then a else gcd(b, a % b)",
            "fun f(): int = gcd(gcd(84, 36), 18) - gcd(1, 1)");
    assertEquals(5, Machine.run(program, "m.f"));
    assertEquals(
        """
        m.gcd:
          argument 1
          push 0
          apply ==
          skip-unless 2
          argument 0
          skip 5
          argument 1
          argument 0
          argument 1
          apply %
          call m.gcd 2
          return
        """,
        link("fun gcd(a: int, b: int): int = if b == 0 then a else gcd(b, a % b)").listing());
  }

  @Test
  void mistakesAtRunTimeAreTold() {
    assertEquals(
        "/ by zero",
        assertThrows(ArithmeticException.class, () -> run("fun f(): int = 1 % 0")).getMessage());
    assertEquals(
        "m.f is called too deep",
        assertThrows(ArithmeticException.class, () -> run("fun f(): int = f()")).getMessage());
    assertEquals(
        "no function m.g in the program",
        assertThrows(
                IllegalArgumentException.class, () -> Machine.run(link("fun f(): int = 1"), "m.g"))
            .getMessage());
    assertEquals(
        "m.g is called, and its file is not part of the program",
        assertThrows(IllegalArgumentException.class, () -> link("fun f(): int = g()"))
            .getMessage());
  }

  @Test
  void aConstantHasTheValueThatTheMachineWouldGiveIt() {
    for (String text :
        new String[] {
          "1 + 2 * 3",
          "-limit / 4 % 3",
          "if 1 < 2 and not (3 == 4) then 5 else 6",
          "if true or 1 / 0 == 1 then limit else 0",
          "if 2 >= 3 then 1 else 2 - 9223372036854775807"
        }) {
      assertEquals(run("fun f(): int = " + text), folded(text), text);
    }
    assertThrows(ArithmeticException.class, () -> folded("1 / (limit - 10)"));
  }

  private static long folded(String text) {
    Definition definition = Parser.definition(Lexer.tokens("const a = " + text));
    return Folding.value(((Definition.Constant) definition).value(), Map.of("limit", 10L));
  }

  private static long run(String text, long... arguments) {
    return Machine.run(link(text), "m.f", arguments);
  }

  private static Executable link(String... functions) {
    SequencedMap<String, Assembly> code = new LinkedHashMap<>();
    for (String text : functions) {
      TokenList tokens = Lexer.tokens(text);
      Definition.Function function = (Definition.Function) Parser.definition(tokens);
      Map<String, String> symbols = new LinkedHashMap<>();
      function.calls().forEach(name -> symbols.put(name, "m." + name));
      code.put(
          "m." + tokens.tokens().get(1),
          Generator.assembly(function, symbols, Map.of("limit", 10L)));
    }
    return Executable.link(code);
  }
}
