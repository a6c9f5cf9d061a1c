package words;

import java.util.List;

/** What {@link Words} promises; says how many checks held, or throws. */
public final class WordsTest {
  private static int checks;

  private WordsTest() {}

  /** Runs all of them. */
  public static void main(String[] arguments) {
    Words words = new Words();
    words.add("The cat and the dog, and the bird.");
    words.add("");
    check(words.top(2), List.of(new Words.Count("the", 3), new Words.Count("and", 2)));
    check(words.top(0), List.of());
    check(words.top(99).size(), 5);
    System.out.println(checks + " checks held");
  }

  private static void check(Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new AssertionError("expected " + expected + " but got " + actual);
    }
    checks++;
  }
}
