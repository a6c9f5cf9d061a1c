package dev.bricolage.toy.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OutlineTest {
  @Test
  void aFileIsCutIntoItems() {
    Outline outline = outline("import m const a = 1 fun f(): int = a");
    assertEquals(List.of(new Outline.Import(1, "m.toy")), outline.imports());
    assertEquals(
        List.of(
            new Outline.Item(Outline.Item.Kind.CONSTANT, "a", 2, Lexer.tokens("const a = 1")),
            new Outline.Item(Outline.Item.Kind.FUNCTION, "f", 6, Lexer.tokens("fun f(): int = a"))),
        outline.items());
    assertEquals(List.of(), outline.problems());
    assertEquals(Optional.empty(), outline.item("m"));
    assertEquals(Optional.of(outline.items().getFirst()), outline.item("a"));
  }

  @Test
  void whatCannotBeCutIsTold() {
    assertEquals(
        List.of(
            new Problem(0, "import, const or fun must stand here, not 1"),
            new Problem(3, "import, const or fun must stand here, not x"),
            new Problem(5, "a name must follow fun, not 2"),
            new Problem(11, "a is defined above already"),
            new Problem(15, "a name must follow import, not the end")),
        outline("1 import m x fun 2 const a = 1 const a = 2 import").problems());
  }

  @Test
  void ofTwoWithOneNameTheFirstCounts() {
    assertEquals(
        List.of(Lexer.tokens("const a = 1")),
        outline("const a = 1 const a = 2").items().stream().map(Outline.Item::tokens).toList());
  }

  private static Outline outline(String text) {
    return Outline.of(Lexer.tokens(text));
  }
}
