package dev.bricolage.toy.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bricolage.toy.machine.Build;
import dev.bricolage.toy.machine.Machine;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done again after a change, task by task. */
final class RedoneTest {
  private final Desk desk = Desk.of(Sample.sources());

  @BeforeEach
  void compileAll() throws InterruptedException {
    assertEquals(12, run());
    assertEquals(Sample.COLD, desk.counts());
    assertEquals(List.of(), desk.cutOff());
    desk.forget();
  }

  @Test
  void whatIsAskedAgainDoesNothing() throws InterruptedException {
    assertEquals(12, run());
    assertEquals(List.of(), desk.events());
  }

  @Test
  void aCommentRedoesTheLexer() throws InterruptedException {
    desk.replace("math.toy", "fun gcd", "# greatest common divisor\n\nfun gcd");
    assertEquals(12, run());
    assertEquals(List.of("Tokens math.toy"), desk.ran());
    assertEquals(desk.ran(), desk.cutOff());
  }

  @Test
  void aChangedFunctionRedoesItselfAndTheLink() throws InterruptedException {
    desk.replace("math.toy", "a % b", "a - a / b * b");
    assertEquals(12, run());
    assertEquals(
        List.of(
            "Check math.toy gcd",
            "Code math.toy gcd",
            "Items math.toy",
            "Program [main.toy math.toy]",
            "Scope math.toy",
            "Signature math.toy gcd",
            "Slice math.toy gcd",
            "Slice math.toy lcm",
            "Slice math.toy limit",
            "Slice math.toy small",
            "Syntax math.toy gcd",
            "Tokens math.toy"),
        desk.ran());
    assertEquals(
        List.of(
            "Check math.toy gcd",
            "Scope math.toy",
            "Signature math.toy gcd",
            "Slice math.toy lcm",
            "Slice math.toy limit",
            "Slice math.toy small"),
        desk.cutOff());
  }

  @Test
  void aChangedSignatureChecksItsCallersAgain() throws InterruptedException {
    desk.replace("math.toy", "small(n: int)", "small(n: int, most: int)");
    assertEquals(List.of("main.toy:3: small(int, int): bool is given 1"), problems());
    assertEquals(List.of("Check main.toy main", "Check math.toy small"), ranOf("Check"));
    assertEquals(List.of("Signature math.toy small"), ranOf("Signature"));
    assertEquals(List.of("Syntax math.toy small"), ranOf("Syntax"));
    assertEquals(List.of(), ranOf("Code"), "there is none of a program that is wrong");

    desk.forget().replace("main.toy", "small(lcm(4, 6))", "small(lcm(4, 6), 42)");
    assertEquals(12, run());
    assertEquals(List.of("Check main.toy main"), ranOf("Check"));
    assertEquals(List.of("Code main.toy main", "Code math.toy small"), ranOf("Code"));
  }

  @Test
  void aChangedConstantMakesCodeOfItsUsersAgain() throws InterruptedException {
    desk.replace("math.toy", "6 * 7", "6 + 1");
    assertEquals(0, run(), "12 is not small any more");
    assertEquals(List.of("Code math.toy small"), ranOf("Code"));
    assertEquals(List.of("Check math.toy limit"), ranOf("Check"));

    desk.forget().replace("math.toy", "6 + 1", "14 / 2");
    assertEquals(0, run());
    assertEquals(List.of("Constant math.toy limit"), ranOf("Constant"));
    assertEquals(List.of(), ranOf("Code"), "7 is 7, however it is written");
  }

  @Test
  void aNewFunctionIsNothingToWhoDoesNotNameIt() throws InterruptedException {
    desk.replace("math.toy", "fun gcd", "fun new(): int = gcd(1, 2)\nfun gcd");
    assertEquals(12, run());
    assertEquals(List.of("Check math.toy new"), ranOf("Check"));
    assertEquals(List.of("Code math.toy new"), ranOf("Code"));
    assertEquals(List.of("Scope main.toy", "Scope math.toy"), ranOf("Scope"));
    assertEquals(5, ranOf("Homes").size());
    assertEquals(
        ranOf("Homes"), desk.cutOff().stream().filter(n -> n.startsWith("Homes")).toList());
  }

  @Test
  void aNearerNameIsFoundAtOnce() throws InterruptedException {
    desk.write("main.toy", desk.sources().get("main.toy") + "fun lcm(a: int, b: int): int = 7\n");
    assertEquals(7, run());
    assertEquals(List.of("Check main.toy lcm", "Check main.toy main"), ranOf("Check"));
    assertEquals(List.of("Code main.toy lcm", "Code main.toy main"), ranOf("Code"));
  }

  @Test
  void mistakesAreValues() throws InterruptedException {
    desk.replace("math.toy", "a % b", "true % b");
    desk.replace("main.toy", "else 0", "else nothing");
    List<String> problems =
        List.of(
            "main.toy:3: nothing is not defined here, nor in an imported file",
            "math.toy:6: this must be int, not bool");
    assertEquals(problems, problems());
    desk.forget().replace("math.toy", "# What", "# One line\n# more. What");
    assertEquals(
        List.of(problems.getFirst(), "math.toy:7: this must be int, not bool"), problems());
    assertEquals(List.of("Tokens math.toy"), desk.ran(), "places are found when they are told");
  }

  private long run() throws InterruptedException {
    Build.Done done = assertInstanceOf(Build.Done.class, desk.compile());
    return Machine.run(done.executable(), "main.main");
  }

  private List<String> problems() throws InterruptedException {
    return Desk.problems(desk.compile(), desk.sources());
  }

  private List<String> ranOf(String stage) {
    return desk.ran().stream().filter(name -> name.startsWith(stage + " ")).toList();
  }
}
