package dev.bricolage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One case of a file of cases. Cases are split by lines of {@code ---}; what is before the first is
 * the file's preface. A line that begins with {@code ###} and a blank says what is expected; the
 * last such line counts.
 *
 * @param text the case without that line, each line ended
 * @param expected what is expected, empty for nothing
 */
public record Chunk(String text, String expected) {
  private static final Pattern SPLIT = Pattern.compile("^---\n", Pattern.MULTILINE);
  private static final String MARK = "### ";

  /**
   * Reads the cases of a file.
   *
   * @param beside a class whose loader has the file
   * @param resource its absolute name
   */
  public static List<Chunk> read(Class<?> beside, String resource) throws IOException {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      String all = new String(in.readAllBytes(), UTF_8);
      return SPLIT.splitAsStream(all).skip(1).map(Chunk::of).toList();
    }
  }

  private static Chunk of(String chunk) {
    StringBuilder text = new StringBuilder();
    String expected = "";
    for (String line : chunk.lines().toList()) {
      if (line.startsWith(MARK)) {
        expected = line.substring(MARK.length());
      } else {
        text.append(line).append('\n');
      }
    }
    return new Chunk(text.toString(), expected);
  }
}
