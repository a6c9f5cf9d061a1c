package dev.bricolage.testkit.gen;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of the little language that {@code ops.c} beside the mutation fuzzer obeys.
 *
 * @param tame whether only products are written
 */
record Operations(Terrain terrain, boolean tame) {
  private static final List<String> LOOKS =
      List.of(
          "read",
          "read",
          "read",
          "readnf",
          "take",
          "take",
          "stat",
          "stat",
          "lstat",
          "list",
          "list",
          "readlink",
          "exec",
          "spawn",
          "access",
          "chdir",
          "dirfd");

  private static final List<String> CHANGES =
      List.of(
          "write",
          "write",
          "append",
          "excl",
          "poke",
          "replace",
          "trunc",
          "rename",
          "noreplace",
          "exchange",
          "renamefile",
          "link",
          "linkf",
          "symlink",
          "unlink",
          "unlink",
          "rmdir",
          "rmdir",
          "mkdir",
          "chmod",
          "touch",
          "save");

  private static final List<String> NOT_PORTABLE = List.of("rename", "noreplace", "exchange");

  /** A program of a few lines; its last line makes what it learnt a product. */
  List<String> program() {
    List<String> lines = new ArrayList<>();
    lines.add("style " + dice().below(4));
    int count = dice().between(3, 11);
    for (int i = 0; i < count; i++) {
      lines.add(line());
    }
    lines.add("mkdir out");
    lines.add("save out/o" + dice().between(1, 2));
    return lines;
  }

  String line() {
    int which = dice().below(100);
    if (which < 12) {
      return "if " + dice().of("ok", "fail", "odd", "even") + " " + dice().between(1, 3);
    }
    if (which < 18) {
      return dice().of("thread", "fork") + " x " + dice().between(1, 3);
    }
    if (which < 23) {
      return "style " + dice().below(4);
    }
    if (which < 28) {
      return other();
    }
    return which < 70 ? look() : change();
  }

  private String other() {
    return switch (dice().below(12)) {
      case 0, 1, 2 -> "env FUZZ";
      case 3, 4, 5 -> "err warning:%20" + dice().below(3) + "%0a";
      case 6 -> "exit " + dice().below(3);
      case 7, 8 -> "dirfd -";
      default -> terrain.portable() ? "env FUZZ" : "cwd";
    };
  }

  private String look() {
    String word = dice().of(LOOKS);
    String path = escaped(terrain.spelled());
    return word.equals("access") ? word + " " + path + " " + dice().below(8) : word + " " + path;
  }

  private String change() {
    String word = dice().of(CHANGES);
    if (terrain.portable() && NOT_PORTABLE.contains(word)) {
      word = "renamefile";
    }
    String path = escaped(written());
    return switch (word) {
      case "write", "append", "excl", "poke", "replace" ->
          word + " " + path + " " + escaped("w" + dice().below(4) + "\n");
      case "trunc" -> word + " " + path + " " + dice().below(4);
      case "rename", "noreplace", "exchange", "renamefile", "link", "linkf" ->
          word + " " + escaped(tame ? terrain.product() : terrain.spelled()) + " " + path;
      case "symlink" -> word + " " + escaped(terrain.target()) + " " + path;
      case "chmod" -> word + " " + path + " " + mode();
      default -> word + " " + path;
    };
  }

  private String written() {
    return tame || dice().chance(30) ? terrain.product() : terrain.spelled();
  }

  private String mode() {
    return terrain.portable() ? dice().of("644", "755") : dice().of("644", "755", "400", "0");
  }

  private Dice dice() {
    return terrain.dice();
  }

  private static String escaped(String argument) {
    if (argument.isEmpty()) {
      return "%00";
    }
    StringBuilder out = new StringBuilder();
    for (byte b : argument.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > ' ' && b < 0x7f;
      out.append(plain ? String.valueOf((char) b) : "%%%02x".formatted(b));
    }
    return out.toString();
  }
}
