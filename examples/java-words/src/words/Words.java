package words;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How often each word occurs in a text. */
public final class Words {
  private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}']+");

  private final Map<String, Integer> counts = new TreeMap<>();

  /** A word and how often it occurs. */
  public record Count(String word, int times) {}

  /** Adds the words of a line. */
  public void add(String line) {
    for (String word : BETWEEN.split(line.toLowerCase(Locale.ROOT))) {
      if (!word.isEmpty()) {
        counts.merge(word, 1, Integer::sum);
      }
    }
  }

  /** The words that occur most often, ties in alphabetical order. */
  public List<Count> top(int limit) {
    List<Count> all = new ArrayList<>();
    counts.forEach((word, times) -> all.add(new Count(word, times)));
    all.sort(Comparator.comparingInt(Count::times).reversed());
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }
}
