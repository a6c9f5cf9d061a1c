package dev.bricolage.fronts.ninja.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How fast a manifest is read: {@code ReadingSpeed EDGES FOLDER} writes one like CMake's into a
 * folder, for ninja to read it too, and reads it twenty times.
 */
final class ReadingSpeed {
  private ReadingSpeed() {}

  public static void main(String[] args) throws Exception {
    int edges = Integer.parseInt(args[0]);
    byte[] text = manifest(edges).getBytes(UTF_8);
    Files.write(Path.of(args[1], "build.ninja"), text);
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 20; i++) {
      System.gc();
      long before = runtime.totalMemory() - runtime.freeMemory();
      long start = System.nanoTime();
      Manifest manifest =
          Manifest.read("build.ninja", _ -> Optional.of(text), Choices.USUAL, System.err::println);
      long nanos = System.nanoTime() - start;
      System.gc();
      long kept = runtime.totalMemory() - runtime.freeMemory() - before;
      System.out.printf(
          "%d edges, %d paths, %.1f MB of text: %.1f ms, %.1f MB kept%n",
          manifest.edgeCount(), manifest.pathCount(), text.length / 1e6, nanos / 1e6, kept / 1e6);
    }
  }

  private static String manifest(int edges) {
    StringBuilder out = new StringBuilder();
    out.append(
        "rule CXX\n  command = g++ $DEFINES $INCLUDES $FLAGS -MD -MF $DEP_FILE -c $in -o $out");
    out.append("\n  deps = gcc\n  depfile = $DEP_FILE\n  description = Building $out\n");
    for (int i = 0; i < edges; i++) {
      int part = i / 100;
      String object = "src/part" + part + "/CMakeFiles/part" + part + ".dir/file" + i + ".cpp.o";
      out.append("build ").append(object).append(": CXX /home/user/project/src/part").append(part);
      out.append("/file").append(i).append(".cpp || cmake_object_order_depends_target_part");
      out.append(part).append("\n  DEFINES = -DPART=").append(part).append(" -DNDEBUG");
      out.append("\n  DEP_FILE = ").append(object).append(".d\n");
      out.append("  FLAGS = -O2 -g -Wall -Wextra -std=c++20\n");
      out.append("  INCLUDES = -I/home/user/project/include -I/home/user/project/src/part");
      out.append(part).append("\n  OBJECT_DIR = src/part").append(part).append("/CMakeFiles\n\n");
    }
    return out.toString();
  }
}
