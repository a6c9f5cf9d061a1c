package dev.bricolage.testkit.gen;

import java.util.List;

/**
 * The paths and contents of a C project. There are few of both, so that what one compiler looks for
 * is what an edit makes, and going back is common. Every header protects itself from being included
 * twice and every use of a macro from its absence, so that most of what is drawn compiles.
 */
record CSources(Dice dice) {
  /** Folders headers may be in; the last two may be links to others, too. */
  static final List<String> FOLDERS = List.of("inc", "alt", "sys", "sub", "lnk");

  private static final int HEADERS = 5;

  static final List<String> SOURCES = List.of("s0.c", "s1.c", "s2.c");

  private static final List<String> PLACES =
      List.of("", "inc/", "inc/", "alt/", "sys/", "sub/", "lnk/");

  /** A file that a person would edit: a header more often than a source. */
  Edit write() {
    int which = dice.below(100);
    if (which < 50) {
      return header();
    }
    if (which < 72) {
      return source(dice.below(SOURCES.size()));
    }
    return switch (dice.below(8)) {
      case 0 -> main();
      case 1 -> file("data.txt", "data " + dice.between(10, 13) + "\n");
      case 2 -> generator();
      case 3 -> maker();
      case 4 -> file("flags.rsp", dice.of("-DV0=21\n", "-DV0=22\n", "-Ialt\n", "-Inone -DDEBUG\n"));
      case 5 -> file(dice.of("pre.h", "inc/pre.h"), "#define PRE " + dice.between(10, 13) + "\n");
      case 6 -> file(dice.of("lib1", "lib2") + "/libz.a", dice.of("INPUT(s2.o)\n", "!<arch>\n"));
      default -> makefile();
    };
  }

  Edit header() {
    int number = dice.below(HEADERS);
    return file(dice.of(PLACES) + "h" + number + ".h", headerText(number));
  }

  /** Somewhere a header may be. */
  String headerPath() {
    return dice.of(PLACES) + "h" + dice.below(HEADERS) + ".h";
  }

  /** What a link in a header's place leads to. */
  String linkTarget() {
    return dice.of("../", "../", "")
        + dice.of("inc/", "alt/", "sys/", "")
        + "h"
        + dice.below(HEADERS)
        + ".h";
  }

  private String headerText(int number) {
    StringBuilder text = new StringBuilder();
    text.append("#ifndef H%d\n#define H%d\n".formatted(number, number));
    if (dice.chance(15)) {
      text.append("#pragma once\n");
    }
    for (int i = dice.below(3); i > 0 && number < HEADERS - 1; i--) {
      text.append(include(dice.between(number + 1, HEADERS - 1), dice.chance(96)));
    }
    if (dice.chance(12)) {
      text.append(
          "#if __has_include_next(\"h%d.h\")\n#undef H%d\n#include_next \"h%d.h\"\n#endif\n"
              .formatted(number, number, number));
    }
    text.append("#undef V%d\n#define V%d %d\n".formatted(number, number, dice.between(10, 14)));
    if (dice.chance(25)) {
      text.append(
          "#if __has_include(%s)\n#define W%d 1\n#endif\n"
              .formatted(spelled(dice.below(HEADERS)), number));
    }
    if (dice.chance(15)) {
      text.append("#ifdef DEBUG\n#warning debug %d\n#endif\n".formatted(number));
    }
    if (dice.chance(40)) {
      text.append("// note ").append(dice.below(3)).append('\n');
    }
    return text.append("#endif\n").toString();
  }

  private String include(int number, boolean careful) {
    String name = spelled(number);
    return careful
        ? "#if __has_include(%s)\n#include %s\n#endif\n".formatted(name, name)
        : "#include " + name + "\n";
  }

  private String spelled(int number) {
    String name = "h" + number + ".h";
    return switch (dice.below(8)) {
      case 0, 1, 2 -> "\"" + name + "\"";
      case 3, 4, 5 -> "<" + name + ">";
      case 6 -> "\"" + dice.of("inc/", "sub/", "../inc/", "lnk/", "./", "none/../") + name + "\"";
      default -> "<sub/" + name + ">";
    };
  }

  Edit source(int number) {
    StringBuilder text = new StringBuilder();
    for (int i = dice.between(1, 3); i > 0; i--) {
      text.append(include(dice.below(HEADERS), dice.chance(96)));
    }
    if (dice.chance(35)) {
      text.append("#if __has_include(\"gen/g.h\")\n#include \"gen/g.h\"\n#endif\n");
    }
    if (dice.chance(4)) {
      text.append("#include \"gen/g.h\"\n");
    }
    if (dice.chance(12)) {
      text.append("__asm__(\".section .rodata\\n.incbin \\\"data.txt\\\"\\n.text\\n\");\n");
    }
    if (dice.chance(15)) {
      text.append("const char *n%d = __FILE__;\n".formatted(number));
    }
    text.append("int f%d(void) {\n  int v = %d;\n".formatted(number, dice.below(5)));
    for (String name : List.of("V0", "V1", "V2", "V3", "V4", "W0", "W1", "W2", "G", "PRE")) {
      text.append("#ifdef %s\n  v = 3 * v + %s;\n#endif\n".formatted(name, name));
    }
    if (dice.chance(10)) {
      text.append("  int unused;\n");
    }
    return file(SOURCES.get(number), text.append("  return v;\n}\n").toString());
  }

  Edit main() {
    String print = dice.chance(20) ? "#include <stdio.h>\n" : "int printf(const char *, ...);\n";
    return file(
        "main.c",
        print
            + """
            int f0(void);
            int f1(void);
            int f2(void) __attribute__((weak));
            int main(void) {
              printf("%%d %%d %%d %d\\n", f0(), f1(), f2 ? f2() : 0);
              return (f0() + f1()) %% 7;
            }
            """
                .formatted(dice.below(3)));
  }

  /** A script that writes a header: from a file that it reads, and whether another is there. */
  Edit generator() {
    String text =
        dice.of(
            "echo \"#define G $(wc -c < data.txt)\"\n",
            "test -e inc/h3.h && echo '#define G 31' || echo '#define G 32'\n",
            "echo '#define G 33'\n",
            "echo '#include \"h4.h\"'; echo '#define G 34'\n");
    return file("gen.sh", text);
  }

  /** A program that writes a header. */
  Edit maker() {
    return file(
        "mk.c",
        """
        %s
        #ifndef V1
        #define V1 0
        #endif
        int printf(const char *, ...);
        int main(void) {
          printf("#define G %%d\\n", V1 + %d);
          return 0;
        }
        """
            .formatted(include(1, true), dice.between(40, 42)));
  }

  Edit makefile() {
    String depend = dice.chance(50) ? " -MMD" : "";
    String tail = dice.chance(50) ? "\n-include s0.d s1.d s2.d\n" : "\n";
    return file(
        "Makefile",
        """
        OBJS = s0.o s1.o%s
        prog: main.o lib.a
        \t$(CC) -o $@ main.o lib.a
        lib.a: $(OBJS)
        \t%s
        gen/g.h: gen.sh data.txt
        \t@mkdir -p gen
        \tsh gen.sh > $@
        $(OBJS): %%.o: %%.c gen/g.h
        \t$(CC) $(CFLAGS)%s -c -o $@ $<
        main.o: main.c
        \t$(CC) -c main.c
        clean:
        \trm -rf prog lib.a *.o *.d gen
        .PHONY: clean
        """
                .formatted(
                    dice.of("", " s2.o"),
                    dice.of(
                        "rm -f $@; ar rcs $@ $(OBJS)",
                        "ar rcs $@ $(OBJS)",
                        "ar r $@ $?; ranlib $@"),
                    depend)
            + tail);
  }

  private static Edit file(String path, String text) {
    return new Edit.Write(path, text, false, false);
  }
}
