package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What became of the tools of one run, as its record tells. A tool is told as {@code cc -c a.c},
 * {@code cc -o prog}, {@code ar lib.a}: what it was made of or what it made.
 *
 * @param ran those that ran, sorted
 * @param remembered the others, sorted
 */
record ToolRuns(List<String> ran, List<String> remembered) {
  /**
   * Questions that configuring programs ask of a compiler in a folder with a random name, which no
   * other run ever has.
   */
  private static final Pattern RANDOM = Pattern.compile("cmTC_|TryCompile-|meson-private/tmp");

  static ToolRuns of(Answer answer) {
    List<String> ran = new ArrayList<>();
    List<String> remembered = new ArrayList<>();
    for (JsonElement element : answer.run().getAsJsonArray("tools")) {
      JsonObject tool = element.getAsJsonObject();
      List<String> words = new ArrayList<>();
      tool.getAsJsonArray("command").forEach(word -> words.add(word.getAsString()));
      if (words.equals(List.of("/usr/bin/ld", "--help"))
          || RANDOM.matcher(String.join(" ", words)).find()) {
        continue; // cmake runs ld in those folders, too
      }
      boolean hit = tool.get("answer").getAsString().equals("remembered");
      (hit ? remembered : ran).add(told(words));
      assertEquals("", tool.get("forgotten").getAsString(), () -> "of " + words);
    }
    ran.sort(null);
    remembered.sort(null);
    return new ToolRuns(ran, remembered);
  }

  /** How often a record counts this; 0 when it does not. */
  static long counter(Answer answer, String name) {
    JsonElement counter = answer.run().getAsJsonObject("counters").get(name);
    return counter == null ? 0 : counter.getAsLong();
  }

  List<String> compiles() {
    List<String> all = new ArrayList<>(ran);
    all.addAll(remembered);
    return all.stream().filter(tool -> tool.contains(" -c ")).sorted().toList();
  }

  private static String told(List<String> words) {
    String program = name(words.getFirst());
    int output = words.indexOf("-o");
    if (words.contains("-c")) {
      String source =
          words.stream().filter(w -> w.matches("[^-].*\\.(c|cc|cpp)")).findFirst().orElse("?");
      return program + " -c " + name(source);
    }
    if (output > 0 && output + 1 < words.size()) {
      return program + " -o " + name(words.get(output + 1));
    }
    int crate = words.indexOf("--crate-name");
    if (crate > 0) {
      String source = words.stream().filter(w -> w.endsWith(".rs")).findFirst().orElse("?");
      return program + " " + words.get(crate + 1) + " " + source;
    }
    int folder = words.indexOf("-d");
    if (folder > 0) {
      return program + " -d " + words.get(folder + 1);
    }
    return words.stream()
        .filter(w -> w.endsWith(".a"))
        .findFirst()
        .map(archive -> program + " " + name(archive))
        .orElse(String.join(" ", words));
  }

  private static String name(String path) {
    return String.valueOf(Path.of(path).getFileName());
  }
}
