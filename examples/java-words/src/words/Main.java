package words;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Prints the most frequent words of standard input. */
public final class Main {
  private Main() {}

  /** The only argument is how many, 10 if it is missing. */
  public static void main(String[] arguments) throws IOException {
    int limit = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
    Words words = new Words();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    in.lines().forEach(words::add);
    words.top(limit).forEach(count -> System.out.println(count.times() + " " + count.word()));
  }
}
