package dev.bricolage.fronts.ninja.deps;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.CanonicalPath;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What {@code cl /showIncludes} printed, taken apart.
 *
 * @param includes the files it names, canonical, sorted, without those of the system
 * @param rest what the user is to see, every line ended by one line feed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ShowIncludes(List<String> includes, byte[] rest) {
  private static final String ENGLISH = "Note: including file: ";
  private static final List<String> SOURCE_ENDINGS = List.of(".c", ".cc", ".cxx", ".cpp", ".c++");

  /**
   * Takes a command's output apart.
   *
   * @param prefix how its language begins a line that names a file ({@code msvc_deps_prefix});
   *     empty for English
   */
  public static ShowIncludes parse(byte[] output, String prefix) throws NinjaError {
    byte[] start = (prefix.isEmpty() ? ENGLISH : prefix).getBytes(UTF_8);
    SortedSet<String> includes = new TreeSet<>();
    Bytes rest = new Bytes();
    boolean seen = false;
    int at = 0;
    while (at < output.length) {
      int end = at;
      while (end < output.length && output[end] != '\r' && output[end] != '\n') {
        end++;
      }
      String include = include(output, at, end, start);
      if (!include.isEmpty()) {
        seen = true;
        String path = CanonicalPath.of(include);
        if (!isOfSystem(path)) {
          includes.add(path);
        }
      } else if (seen || !isSourceName(new String(output, at, end - at, UTF_8))) {
        // The compiler begins by printing the source's name; after the first include it no longer
        // can be that.
        rest.add(output, at, end);
        rest.add('\n');
      }
      at = afterLineEnd(output, end);
    }
    return new ShowIncludes(List.copyOf(includes), rest.toByteArray());
  }

  private static String include(byte[] output, int from, int to, byte[] prefix) {
    int at = from + prefix.length;
    if (to <= at || !Arrays.equals(output, from, at, prefix, 0, prefix.length)) {
      return "";
    }
    while (at < to && output[at] == ' ') {
      at++;
    }
    return new String(output, at, to - at, UTF_8);
  }

  private static int afterLineEnd(byte[] output, int end) {
    int at = end;
    if (at < output.length && output[at] == '\r') {
      at++;
    }
    if (at < output.length && output[at] == '\n') {
      at++;
    }
    return at;
  }

  private static boolean isOfSystem(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.contains("program files") || lower.contains("microsoft visual studio");
  }

  private static boolean isSourceName(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    return SOURCE_ENDINGS.stream().anyMatch(lower::endsWith);
  }
}
