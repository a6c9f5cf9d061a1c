package dev.bricolage.toy.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.Key;
import dev.bricolage.toy.machine.Build;
import dev.bricolage.toy.machine.Machine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who waits for himself is told so by name; who only calls himself does not wait. */
final class CyclesTest {
  @Test
  void functionsThatCallEachOtherAreNoCycle() throws InterruptedException {
    Desk desk =
        Desk.of(
            Map.of(
                "a.toy",
                """
                fun even(n: int): bool = if n == 0 then true else odd(n - 1)
                fun odd(n: int): bool = if n == 0 then false else even(n - 1)
                """));
    Build.Done done = assertInstanceOf(Build.Done.class, desk.compile());
    assertEquals(1, Machine.run(done.executable(), "a.even", 10));
    assertEquals(0, Machine.run(done.executable(), "a.odd", 10));
  }

  @Test
  void constantsThatNeedEachOtherAre() throws InterruptedException {
    Desk desk = Desk.of(Map.of("a.toy", "const x = y + 1 const y = z const z = -x"));
    assertEquals(
        "cycle: Constant[file=a.toy, name=x] → Constant[file=a.toy, name=y]"
            + " → Constant[file=a.toy, name=z] → Constant[file=a.toy, name=x]",
        assertThrows(Cycle.class, () -> desk.get(new Constant("a.toy", "x"))).getMessage());
    Cycle told = assertThrows(Cycle.class, desk::compile);
    assertEquals(
        Set.of(new Constant("a.toy", "x"), new Constant("a.toy", "y"), new Constant("a.toy", "z")),
        Set.<Key<?>>copyOf(told.keys()));

    desk.replace("a.toy", "-x", "-1");
    assertInstanceOf(Build.Done.class, desk.compile());
    assertEquals(new Constant.Value(0), desk.get(new Constant("a.toy", "x")));
  }

  @Test
  void filesThatImportEachOtherAre() throws InterruptedException {
    Desk desk =
        Desk.of(Map.of("a.toy", "import b const x = 1", "b.toy", "import c", "c.toy", "import b"));
    assertEquals(
        "cycle: Scope[file=b.toy] → Scope[file=c.toy] → Scope[file=b.toy]",
        assertThrows(Cycle.class, () -> desk.get(new Scope("a.toy"))).getMessage());
    assertEquals(
        Set.of(new Scope("b.toy"), new Scope("c.toy")),
        Set.<Key<?>>copyOf(assertThrows(Cycle.class, desk::compile).keys()));

    desk.write("c.toy", "");
    assertInstanceOf(Build.Done.class, desk.compile());
  }

  @Test
  void whatImportsItselfIs() {
    Desk desk = Desk.of(Map.of("a.toy", "import a"));
    Cycle told = assertThrows(Cycle.class, desk::compile);
    assertEquals("cycle: Scope[file=a.toy] → Scope[file=a.toy]", told.getMessage());
    assertEquals(List.of(new Scope("a.toy")), told.keys());
  }
}
