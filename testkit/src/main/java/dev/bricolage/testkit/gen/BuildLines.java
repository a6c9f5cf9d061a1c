package dev.bricolage.testkit.gen;

import java.util.ArrayList;
import java.util.List;

/**
 * Build scripts over {@link CSources}: compilers, an archiver and linkers, used as builds use them,
 * and in the ways that are hard to remember.
 */
record BuildLines(Dice dice) {
  /** Or a source may be as old as its object, by a clock that ticks, and make leaves it. */
  private static final String LATER = "sleep 0.02; ";

  Program program() {
    List<String> lines = dice.chance(35) ? made() : script();
    return new Program(Program.Kind.SHELL, lines);
  }

  /** By make. What runs at the same time must not decide what is there in the end: so -k. */
  private List<String> made() {
    List<String> lines = new ArrayList<>();
    String make = "make " + dice.of("", "-k -O -j2 ", "-k -O -j4 ") + "CFLAGS='" + flags() + "'";
    lines.add(make);
    switch (dice.below(6)) {
      case 0 -> lines.add("make clean && " + make);
      case 1 -> lines.add(make);
      case 2 -> lines.add(LATER + "touch s0.c; " + make);
      case 3 ->
          lines.add(LATER + "test -f inc/h2.h && echo '// more' >> inc/h2.h; rm -f s1.o; " + make);
      default -> {}
    }
    if (dice.chance(60)) {
      lines.add("test -e prog && ./prog");
    }
    return lines;
  }

  private List<String> script() {
    List<String> lines = new ArrayList<>();
    if (dice.chance(15)) {
      lines.add("set -e");
    }
    lines.add("F='" + flags() + "'");
    lines.add("mkdir -p obj gen");
    if (dice.chance(25)) {
      lines.add("cc $F -o mk mk.c && ./mk > gen/g.h");
    } else if (dice.chance(60)) {
      lines.add("sh gen.sh > gen/g.h");
    }
    for (String source : CSources.SOURCES) {
      lines.add(compile(source.substring(0, 2)));
    }
    if (dice.chance(40)) {
      lines.add(odd());
    }
    lines.add(archive());
    if (dice.chance(50)) {
      lines.add(archive());
    }
    if (dice.chance(50)) {
      lines.add(odd());
    }
    if (dice.chance(60)) {
      lines.add(link());
      lines.add("./prog; echo $?");
    }
    if (dice.chance(50)) {
      lines.add(after());
    }
    return lines;
  }

  private String compile(String name) {
    String object = "obj/" + name + ".o";
    return switch (dice.below(16)) {
      case 0 -> "cc $F -x c -c -o " + object + " - < " + name + ".c";
      case 1 -> "cat " + name + ".c | cc $F -x c -c -o " + object + " -";
      case 2 ->
          "cc $F -E "
              + name
              + ".c > obj/"
              + name
              + ".i; cc -c -o "
              + object
              + " obj/"
              + name
              + ".i";
      case 3 ->
          "cc $F -S -o obj/"
              + name
              + ".s "
              + name
              + ".c && as -o "
              + object
              + " obj/"
              + name
              + ".s";
      case 4 -> "cc $F -MMD -MP -c -o " + object + " " + name + ".c";
      case 5 -> "cc $F -c " + name + ".c && mv " + name + ".o obj";
      case 6 ->
          "cc $F -c -o "
              + object
              + ".tmp.$$ "
              + name
              + ".c && mv -f "
              + object
              + ".tmp.$$ "
              + object;
      case 7 -> "(cd obj && cc -I.. -I../inc -c ../" + name + ".c)";
      case 8 ->
          "cc $F -c -DV3=7 -o "
              + object
              + " "
              + name
              + ".c; cc $F -c -o "
              + object
              + " "
              + name
              + ".c";
      case 9 ->
          "ln -sf " + name + ".real.o " + object + "; cc $F -c -o " + object + " " + name + ".c";
      case 10 ->
          "mkdir -p real; ln -sfn real ro; cc $F -c -o ro/"
              + name
              + ".o "
              + name
              + ".c; cp ro/*.o obj";
      default -> "cc $F -c -o " + object + " " + name + ".c";
    };
  }

  private String archive() {
    return switch (dice.below(10)) {
      case 0, 1 -> "rm -f lib.a; ar rcs lib.a obj/s0.o obj/s1.o";
      case 2, 3 -> "ar rcs lib.a obj/s0.o obj/s1.o obj/s2.o";
      case 4 -> "ar r lib.a obj/s1.o; ar r lib.a obj/s0.o";
      case 5 -> "for o in obj/*.o; do ar q lib.a $o; done; ranlib lib.a";
      case 6 -> "ar d lib.a s1.o; ar t lib.a";
      case 7 -> "ar rcT lib.a obj/s0.o obj/s1.o";
      case 8 -> "ar m lib.a s0.o; ar t lib.a; ar s lib.a";
      default -> "ar cr lib.a obj/s*.o";
    };
  }

  private String link() {
    return switch (dice.below(9)) {
      case 0 -> "cc -o prog main.c obj/s0.o obj/s1.o";
      case 1 -> "cc -o prog main.c obj/*.o -Llib1 -Llib2 -lz";
      case 2 -> "mkdir -p lib2; cp lib.a lib2/liby.a; cc -o prog main.c -Llib1 -Llib2 -ly";
      case 3 -> "ld -r -o all.o obj/s0.o obj/s1.o; cc -o prog main.c all.o";
      case 4 -> "cc -shared -fPIC -o libs.so s0.c s1.c $F; cc -o prog main.c -L. -ls -Wl,-rpath,.";
      case 5 -> "cc -c main.c; cc -o prog main.o lib.a -Wl,-Map=prog.map";
      case 6 -> "cc -c main.c; echo main.o lib.a > in.rsp; cc -o prog @in.rsp";
      default -> "cc -o prog main.c lib.a";
    };
  }

  /** What rewrites, copies, links, or only looks. */
  private String odd() {
    return switch (dice.below(22)) {
      case 0 -> "ld -r -o obj/r.o obj/s0.o obj/s1.o";
      case 1 -> "ld -r -o obj/s0.o obj/s0.o obj/s2.o";
      case 2 -> "objcopy --add-section .note=data.txt obj/s1.o";
      case 3 -> "objcopy -I binary -O elf64-x86-64 data.txt obj/data.o";
      case 4 -> "strip -g obj/s0.o; strip obj/s1.o -o obj/stripped";
      case 5 -> "ln -f obj/s0.o obj/hard; cc $F -DV0=3 -c -o obj/s0.o s0.c";
      case 6 -> "ln -f obj/s0.o obj/hard; strip obj/s0.o";
      case 7 -> "cc $F -MM s0.c s1.c > deps; cc $F -M -MF deps2 s2.c";
      case 8 -> "cc $F -E -P s0.c >> all.i; cc $F -E -P s1.c >> all.i";
      case 9 -> "DEPENDENCIES_OUTPUT=deps.env cc $F -c -o obj/s0.o s0.c";
      case 10 -> "mkdir -p tmp; TMPDIR=tmp cc $F -c -o obj/s1.o s1.c; ls tmp";
      case 11 -> "cc $F -save-temps=obj -c -o obj/s2.o s2.c";
      case 12 -> "for i in 1 2 3; do cc $F -DV2=$i -c -o obj/v$i.o s2.c & done; wait";
      case 13 -> "cc $F -c s0.c s1.c; ls *.o; rm -f *.o";
      case 14 -> "printf 'int g = %s;\\n' $(wc -c < data.txt) > made.c; cc -c -o obj/made.o made.c";
      case 15 -> "cc $F -c nothing.c; echo $?";
      case 16 -> "chmod 755 obj/s0.o; cc $F -c -o obj/s0.o s0.c; ls -l obj/s0.o | cut -c1-10";
      case 17 -> "echo '#define V3 55' > gen/h3.h; cc $F -c -o obj/late.o s1.c";
      case 18 -> "rm -f inc/h1.h; cc $F -c -o obj/late.o s0.c";
      case 19 -> "mkdir -p inc.copy; cp inc/*.h inc.copy; cc -Iinc.copy $F -c -o obj/copied.o s0.c";
      case 20 -> "mkdir -p ext; (cd ext && ar x ../lib.a; ls)";
      default -> "cc $F -fsyntax-only -Wall s0.c s1.c";
    };
  }

  private String after() {
    return switch (dice.below(8)) {
      case 0 -> "strip prog";
      case 1 -> "strip -o prog.s prog";
      case 2 -> "objcopy --only-keep-debug prog prog.d; objcopy -S prog";
      case 3 -> "cp prog prog2; strip -s prog2 prog";
      case 4 -> "rm -rf obj lib.a";
      case 5 -> "ar x lib.a s0.o; ar p lib.a s1.o > printed.o";
      case 6 -> "ln -f prog hard; objcopy -R .comment prog";
      default -> "cc -v 2> /dev/null; cc -print-file-name=libz.a -Llib1; cc -dumpversion";
    };
  }

  private String flags() {
    List<String> flags = new ArrayList<>();
    for (int i = dice.between(1, 4); i > 0; i--) {
      flags.add(
          dice.of(
              "-Iinc",
              "-Iinc",
              "-Ialt",
              "-Ialt",
              "-Igen",
              "-I.",
              "-Inone",
              "-Ilnk",
              "-isystem sys",
              "-iquote sub",
              "-idirafter alt",
              "-Isub/../inc",
              "-I-none",
              "-L."));
    }
    if (dice.chance(50)) {
      flags.add(
          dice.of(
              "-DDEBUG",
              "-DV0=7",
              "-DV4=8",
              "-Wall",
              "-O1",
              "-pipe",
              "@flags.rsp",
              "-include pre.h",
              "-imacros pre.h",
              "-fno-asynchronous-unwind-tables",
              "-DW0",
              "-ffile-prefix-map=/build=.",
              "-Btools",
              "-std=c11"));
    }
    return String.join(" ", flags);
  }
}
