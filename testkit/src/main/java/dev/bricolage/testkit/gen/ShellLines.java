package dev.bricolage.testkit.gen;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines for {@code sh}, made of what build scripts are made of.
 *
 * @param tame whether only products are written
 */
record ShellLines(Terrain terrain, boolean tame) {

  /** A program of a few lines. */
  List<String> program() {
    List<String> lines = new ArrayList<>();
    int count = terrain.dice().between(2, 6);
    for (int i = 0; i < count; i++) {
      lines.add(terrain.dice().chance(65) ? look() : change());
    }
    // Not straight into the product, which may be a name of what is read.
    lines.add("seen=$(cat b d/e 2>&1); mkdir -p out; rm -f out/o1; echo \"$seen\" > out/o1; true");
    return lines;
  }

  private String look() {
    String p = path();
    String q = path();
    return switch (terrain.dice().below(15)) {
      case 0, 1 -> "cat " + p + " 2>&1";
      case 2 -> "if [ -e " + p + " ]; then cat " + q + " 2>&1; else echo none; fi";
      case 3 -> "if [ -d " + p + " ]; then ls -a " + p + "; fi";
      case 4 -> "for f in d/* *.h; do echo \"$f\"; test -f \"$f\" && head -c 4 \"$f\"; done";
      case 5 -> "while read -r n; do cat \"$n\" 2>&1; done < " + p;
      case 6 -> "find . -name .git -prune -o -type f -print 2>&1 | sort";
      case 7 -> "(cd " + p + " 2>/dev/null && cat e ../b 2>&1)";
      case 8 -> "stat -c '%F %a' " + p + " 2>&1";
      case 9 -> "readlink -f " + p + " | sed 's,.*/,,'";
      case 10 -> "[ -x " + p + " ] && echo executable";
      case 11 -> "grep -l v1 * 2>/dev/null";
      case 12 -> "for i in x y; do if test -f $i/c.h; then cat $i/c.h; break; fi; done";
      case 13 -> "echo \"FUZZ=$FUZZ\" >&2";
      default -> "[ " + p + " -ef " + q + " ] && echo same";
    };
  }

  private String change() {
    String p = written();
    String q = path();
    return switch (terrain.dice().below(14)) {
      case 0, 1 -> "[ " + q + " -ef " + p + " ] || cp " + q + " " + p + " 2>&1";
      case 2 -> {
        String from = tame ? terrain.product() : q;
        yield "[ -d " + from + " ] || mv " + from + " " + p + " 2>/dev/null";
      }
      case 3 -> "rm -f " + p + " 2>&1";
      case 4 -> "rm -rf " + folder();
      case 5 -> "mkdir -p " + folder() + " 2>&1";
      case 6 -> "ln -sf " + quoted(terrain.target()) + " " + p + " 2>&1";
      case 7 -> "ln -f " + q + " " + p + " 2>&1";
      case 8 -> "wc -c < " + q + " > " + p;
      case 9 -> "echo more >> " + p;
      // A folder never into itself: how far that comes depends on the order of names.
      case 10 -> "cp -r " + folder() + " copy 2>&1";
      case 12 -> "mv " + folder() + " moved 2>/dev/null";
      case 11 -> "rmdir " + folder() + " 2>/dev/null && echo gone";
      default -> "chmod +x " + p + " 2>/dev/null";
    };
  }

  private String folder() {
    return tame ? "out" : quoted(terrain.folder());
  }

  private String written() {
    return tame || terrain.dice().chance(40) ? terrain.product() : quoted(terrain.source());
  }

  private String path() {
    String path = terrain.spelled();
    return quoted(path.equals("@") ? "d/e" : path);
  }

  private static String quoted(String path) {
    return "'" + path + "'";
  }
}
