package dev.bricolage.testkit.gen;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The paths and contents of a scenario. There are few of them, so that what one run asks about is
 * what another changes. {@code %H} stands for a folder of the host that every run sees read-only.
 *
 * @param portable whether nothing may depend on where the tree is: no absolute paths, no modes but
 *     two, so that a run outside any sandbox gives the same
 * @param hostShare how many paths in a hundred lie on the host; none if portable
 */
record Terrain(Dice dice, boolean portable, int hostShare) {
  static final List<String> FOLDERS =
      List.of("d", "d/g", "x", "y", "emp", "out", "d/emp", "sp ace");

  private static final List<String> FILES =
      List.of(
          "a",
          "b",
          "c.h",
          "d/e",
          "d/f",
          "d/g/h",
          "sp ace/i j",
          "\u00fcn\u00ef",
          "d/new\nline",
          ".dot",
          "x/c.h",
          "y/c.h",
          "l1",
          "l2",
          "d/l3",
          "run.sh",
          "d/run");

  private static final List<String> PRODUCTS = List.of("out/o1", "out/o2", "out/p/q", "o3");

  private static final List<String> ODD =
      List.of(
          "d/../a",
          "./b",
          "d//e",
          "l1/e",
          "l2/../b",
          "nope/x",
          "a/",
          "d/",
          "l1/",
          "d/g/../../c.h",
          "x/../y/c.h",
          "l2/l3",
          "out/../l1",
          "d/l3/h",
          ".",
          "a/b");

  private static final List<String> ABSOLUTE =
      List.of(
          "/build/a",
          "/build/d/e",
          "/build",
          "/build/l1/f",
          "/usr/include/bric-none.h",
          "/etc/hostname",
          "..",
          "../build/b",
          "/tmp/t1",
          "/proc/self/cwd/a",
          "/proc/self/cwd/d",
          "/proc/self/root/build/b",
          "/home/bric/u");

  private static final List<String> HOST =
      List.of("%H/h1", "%H/h2", "%H/hd", "%H/hd/k", "%H/hd/m", "%H/hd/../h1");

  private static final List<String> TARGETS =
      List.of(
          "a",
          "d",
          "nowhere",
          "../b",
          "l1",
          "l2",
          "d/e",
          "e",
          "g",
          ".",
          "d/l3",
          "../x/c.h",
          "out",
          "emp",
          "a/",
          "d/../y");

  private static final List<String> ABSOLUTE_TARGETS =
      List.of("/build/d", "/build/c.h", "/usr/bin/true", "%H/h1", "%H/hd", "/build", "/tmp");

  static final List<String> HOST_FILES = List.of("h1", "h2", "hd/k", "hd/m");

  /** A file a person would edit. */
  String source() {
    return dice.of(FILES);
  }

  String folder() {
    return dice.of(FOLDERS);
  }

  String product() {
    return dice.of(PRODUCTS);
  }

  /** A path as a program may spell it. */
  String spelled() {
    if (dice.chance(hostShare)) {
      return dice.of(HOST);
    }
    int which = dice.below(100);
    if (which < 50) {
      return source();
    }
    if (which < 63) {
      return folder();
    }
    if (which < 77) {
      return dice.of(ODD);
    }
    if (which < 86) {
      return product();
    }
    if (which < 93 || portable) {
      return "@";
    }
    return dice.of(ABSOLUTE);
  }

  String target() {
    return portable || dice.chance(75) ? dice.of(TARGETS) : dice.of(ABSOLUTE_TARGETS);
  }

  /** What a file holds: often the name of another, so that reading decides what is asked next. */
  String content(boolean mayRun) {
    int which = dice.below(100);
    if (which < 35) {
      return spelledOutright() + "\n";
    }
    if (which < 75) {
      return "v" + dice.below(4) + "\n";
    }
    if (which < 80) {
      return "";
    }
    if (which < 84) {
      return "long ".repeat(2000) + dice.below(3) + "\n";
    }
    return mayRun ? script() : "v" + dice.below(40) + "\n";
  }

  private String spelledOutright() {
    String path = spelled();
    return path.equals("@") ? "d/e" : path;
  }

  private String script() {
    if (dice.chance(40)) {
      return "#!/bin/sh\ncat b c.h 2>&1; echo $0 $#; test -e d/f && echo there\n";
    }
    String lines =
        IntStream.range(0, dice.between(1, 4))
            .mapToObj(i -> new Operations(this, true).line())
            .collect(Collectors.joining("\n"));
    return "#!%H/ops -f\n" + lines + "\n";
  }
}
