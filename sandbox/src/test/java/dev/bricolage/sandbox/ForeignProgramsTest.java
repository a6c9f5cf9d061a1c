package dev.bricolage.sandbox;

import static dev.bricolage.sandbox.ThreeWays.recorded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Programs that the recorder was not made for: another C library, none, valgrind, 32 bits, another
 * preloaded library, the door's place taken before it comes. All of them look at the same files, so
 * that the same must be known of each.
 */
class ForeignProgramsTest {
  /** Looks at everything in each way, and says what it saw. */
  private static final String LOOKS =
      """
      #define _GNU_SOURCE
      #include <dirent.h>
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <sys/stat.h>
      #include <unistd.h>
      static void look(void) {
        struct stat s;
        char words[16] = "", link[16] = "", real[4096] = "";
        int absent = stat("absent", &s), access_ = access("there", R_OK), none = open("none", O_RDONLY);
        int file = open("words", O_RDONLY);
        read(file, words, 5);
        close(file);
        readlink("link", link, 15);
        realpath("link/../sub/./file", real);
        int names = 0;
        DIR *folder = opendir("folder");
        for (struct dirent *entry; folder && (entry = readdir(folder));) names++;
        FILE *also = fopen("also", "r"), *missing = fopen("missing", "r");
        printf("%d %d %d %s %s %s %d %d %d\\n", absent, access_, none, words, link, real, names, !!also, !!missing);
      }
      """;

  private static final String MAIN = "int main(void) { look(); return 0; }\n";
  private static final String SEEN = "-1 0 -1 said! folder /build/sub/file 3 1 0\n";

  private static final Set<String> FACTS =
      Set.of(
          "STAT /build/absent absent",
          "STAT /build/none absent",
          "STAT /build/missing absent",
          "STAT /build/there",
          "STAT /build/words",
          "STAT /build/also",
          "STAT /build/folder",
          "STAT /build/link",
          "STAT /build/sub",
          "STAT /build/sub/file",
          "CONTENT /build/words",
          "CONTENT /build/also",
          "LIST /build/folder");

  private World world;
  private ThreeWays ways;

  @BeforeEach
  void open() throws IOException {
    world = new World(User.CALLER);
    ways = new ThreeWays(world);
    world.file("there", "");
    world.file("words", "said!");
    world.file("also", "");
    world.file("sub/file", "");
    world.file("folder/one", "");
    world.link("link", "folder");
  }

  @AfterEach
  void close() throws IOException {
    world.close();
  }

  /** Makes the program of the text with a command that ends in its flags. */
  private void make(String name, String text, String... command) throws Exception {
    boolean assembly = command[0].equals("as");
    Path source = world.directory.resolve(name + (assembly ? ".s" : ".c"));
    Files.writeString(source, text);
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("-o", world.lower.resolve(name).toString(), source.toString()));
    host(words.toArray(String[]::new));
  }

  private static void host(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  /** The facts of the workspace but those of the program itself. */
  private static Set<String> facts(Result result, String... programs) {
    Set<String> facts = new TreeSet<>(result.below("/build"));
    for (String program : programs) {
      facts.removeIf(fact -> fact.endsWith("/build/" + program));
    }
    return facts;
  }

  private Result seesAll(String... argv) throws Exception {
    Result result = ways.same(argv);
    assertEquals(SEEN, result.out(), result::err);
    assertEquals(new TreeSet<>(FACTS), facts(result, "looks", "mine.so"));
    return result;
  }

  @Test
  void theUsualCLibraryIsRecorded() throws Exception {
    make("looks", LOOKS + MAIN, "gcc");
    assertTrue(recorded(seesAll("./looks")) >= 5);
  }

  @Test
  void muslsProgramsAreNotifiedAsEver() throws Exception {
    make("looks", LOOKS + MAIN, "musl-gcc");
    Result result = seesAll("./looks");
    assertEquals(0, recorded(result));
    assertTrue(result.asked(Sighting.Kind.CONTENT, muslsLoader(), true), "its loader");
    assertFalse(result.asked(Sighting.Kind.STAT, "/etc/ld.so.preload", false), "a list");
  }

  private static String muslsLoader() throws IOException {
    return Path.of("/lib/ld-musl-x86_64.so.1").toRealPath().toString();
  }

  @Test
  void muslsStaticProgramsAreNotifiedAsEver() throws Exception {
    make("looks", LOOKS + MAIN, "musl-gcc", "-static");
    assertEquals(0, recorded(seesAll("./looks")));
  }

  @Test
  void aProgramOfMuslAmongOthersDoesNotDisturbThem() throws Exception {
    make("looks", LOOKS + MAIN, "musl-gcc");
    make("usual", LOOKS + MAIN, "gcc");
    Result result = ways.same("sh", "-c", "./usual; ./looks; ./usual");
    assertEquals(SEEN.repeat(3), result.out());
    assertEquals(new TreeSet<>(FACTS), facts(result, "looks", "usual"));
    assertTrue(recorded(result) >= 10, () -> recorded(result) + " recorded");
  }

  /** valgrind is a static program that loads the C library's loader as its guest. */
  @Test
  void valgrindSeesNothingOfIt() throws Exception {
    make("looks", LOOKS + MAIN, "gcc", "-g");
    for (String tool : List.of("memcheck", "none")) {
      Result result = valgrind(tool, "./looks");
      assertEquals(SEEN, result.out(), result::err);
      assertEquals("", result.err());
    }
    Result all = valgrind("memcheck", "--trace-children=yes", "/bin/sh", "-c", "./looks; ./looks");
    assertEquals(SEEN.repeat(2), all.out(), all::err);
    assertEquals("", all.err());
  }

  private Result valgrind(String tool, String... argv) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("valgrind", "-q", "--tool=" + tool, "--error-exitcode=9"));
    words.addAll(List.of(argv));
    Result result = ways.same(words.toArray(String[]::new));
    assertEquals(new TreeSet<>(FACTS), facts(result, "looks"));
    return result;
  }

  @Test
  void valgrindStillFindsErrors() throws Exception {
    make(
        "looks",
        LOOKS + "int main(void) { look(); char *c = malloc(1); return c[1] == 7; }\n",
        "gcc");
    Result result =
        world.run("valgrind", "-q", "--error-exitcode=9", "--log-file=/tmp/none", "./looks");
    assertEquals(new Ended.Exited(9), result.ended().exit());
    assertEquals(SEEN, result.out());
  }

  @Test
  void allDescriptorsAreClosedBeforeTheFirstLook() throws Exception {
    String main = "int main(void) { close_range(0, ~0U, 0); look(); return 0; }\n";
    make("looks", LOOKS + main, "gcc");
    make("looks-static", LOOKS + main, "gcc", "-static");
    for (String program : List.of("looks", "looks-static")) {
      Result result = ways.same("./" + program);
      assertEquals("", result.out());
      assertEquals(new TreeSet<>(FACTS), facts(result, program));
    }
  }

  /** Its constructor closes all and takes the door's place, before the recorder's or after it. */
  @Test
  void anotherPreloadedLibraryComesInBetween() throws Exception {
    make(
        "mine.so",
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <unistd.h>
        int stat(const char *path, struct stat *into) {
          int (*next)(const char *, struct stat *) = dlsym(RTLD_NEXT, "stat");
          return next(path, into);
        }
        __attribute__((constructor)) static void begin(void) {
          close_range(3, ~0U, 0);
          mmap((void *)0x180000, 4096, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        }
        """,
        "gcc",
        "-shared",
        "-fPIC");
    make("looks", LOOKS + MAIN, "gcc");
    seesAll("env", "LD_PRELOAD=./mine.so", "./looks");
  }

  /** The kernel maps it there before ld.so begins. */
  @Test
  void theProgramItselfLiesAtTheDoorsPlace() throws Exception {
    String where = "-Wl,--section-start=.mine=0x180000";
    for (String kind : List.of("char", "const char")) {
      String mine =
          "__attribute__((section(\".mine\"))) " + kind + " mine[4096] = {0x0f, 0x05, 0xc3};\n";
      String main = "int main(void) { look(); return mine[0] != 0x0f; }\n";
      make("looks", LOOKS + mine + main, "gcc", "-no-pie", where);
      assertEquals(0, recorded(seesAll("./looks")), kind);
    }
    make("looks", LOOKS + MAIN, "gcc", "-no-pie", "-Wl,-Ttext-segment=0x180000");
    assertEquals(0, recorded(seesAll("./looks")));
  }

  /** The C library's own list wins: the sandbox shows it, and the recorder stays away. */
  @Test
  void aHostThatPreloadsItself() throws Exception {
    make(
        "mine.so",
        """
        #include <unistd.h>
        __attribute__((constructor)) static void begin(void) { write(1, "mine ", 5); }
        """,
        "gcc",
        "-shared",
        "-fPIC");
    make("looks", LOOKS + MAIN, "gcc");
    Path etc = Files.createDirectory(world.directory.resolve("etc"));
    Files.writeString(etc.resolve("ld.so.preload"), "/build/mine.so\n");
    MountOp shown = new MountOp.BindReadOnly(etc.toString(), "/etc");
    Result result = ways.same(plan -> plan.mount(shown), "./looks");
    assertEquals("mine " + SEEN, result.out(), result::err);
    assertEquals(new TreeSet<>(FACTS), facts(result, "looks", "mine.so"));
    assertEquals(0, recorded(result));
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/etc/ld.so.preload", true), "the list");
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/build/mine.so", true), "the library");
  }

  /** A list that is there and empty is no list to offer another instead of. */
  @Test
  void aHostWithAnEmptyList() throws Exception {
    make("looks", LOOKS + MAIN, "gcc");
    Path etc = Files.createDirectory(world.directory.resolve("etc"));
    Files.writeString(etc.resolve("ld.so.preload"), "");
    Result result =
        ways.same(plan -> plan.mount(new MountOp.BindReadOnly(etc + "", "/etc")), "./looks");
    assertEquals(SEEN, result.out(), result::err);
    assertEquals(new TreeSet<>(FACTS), facts(result, "looks"));
    assertEquals(0, recorded(result));
  }

  /** Only ld.so is shown the recorder's list, not who wanted to become a program and could not. */
  @Test
  void whoFailsToBecomeAProgramFindsNoList() throws Exception {
    String fails =
        """
        char *many = malloc(4 << 20);
        memset(many, 'x', (4 << 20) - 1);
        many[(4 << 20) - 1] = 0;
        char *words[] = {"env", many, NULL};
        SAY(execv("/usr/bin/env", words));
        SAY(syscall(SYS_access, "/etc/ld.so.preload", R_OK));
        SAY(syscall(SYS_open, "/etc/ld.so.preload", O_RDONLY));
        SAY(syscall(SYS_open, "/dev/bric/before-libasan.so", O_RDONLY));
        return 0;
        """;
    world.program("fails", fails);
    world.program("fails-static", fails, "-static");
    String said = "E2BIG\nENOENT\nENOENT\nENOENT\n";
    assertEquals(said, ways.same("./fails").out());
    assertEquals(said, ways.same("./fails-static").out());
  }

  private static final String OPENS_WORDS =
      """
      mov $5, %eax
      mov $path, %ebx
      xor %ecx, %ecx
      int $0x80
      mov %eax, %ebx
      mov $1, %eax
      int $0x80
      .data
      path: .asciz "words"
      """;

  @Test
  void aProgramOf32BitsDoesNotBegin() throws Exception {
    make("small.o", ".globl _start\n_start:\n" + OPENS_WORDS, "as", "--32");
    link("small", "-m", "elf_i386");
    for (Plan.Recorder recorder : Plan.Recorder.values()) {
      Result result = ways.run(recorder, "bash", "-c", "./small; echo $?").good();
      assertEquals("126\n", result.out());
      assertTrue(
          result.err().contains("./small: cannot execute binary file: Exec format error"),
          result::err);
      assertEquals(List.of("refused: 32-bit program ./small"), result.ended().notes());
      assertEquals(Set.of("STAT /build/small", "CONTENT /build/small"), facts(result));
    }
  }

  /** The kernel calls of 32 bits have other numbers: who makes one ends, before it is made. */
  @Test
  void a32BitCallEndsAProgram() throws Exception {
    make("call.o", ".globl _start\n_start:\n" + OPENS_WORDS, "as");
    link("call");
    make(
        "segment.o",
        """
        .globl _start
        _start:
        push $0x23 # the code segment of 32-bit programs
        push $small
        lretq
        .code32
        small:
        """
            + OPENS_WORDS,
        "as");
    link("segment");
    for (String program : List.of("call", "segment")) {
      for (Plan.Recorder recorder : Plan.Recorder.values()) {
        Result result = ways.run(recorder, "./" + program);
        assertEquals(new Ended.Killed(31), result.ended().exit(), program);
        assertEquals(Optional.empty(), result.ended().unobserved());
        assertEquals(Set.of("STAT /build/" + program, "CONTENT /build/" + program), facts(result));
      }
    }
  }

  private void link(String name, String... flags) throws Exception {
    List<String> command = new ArrayList<>(List.of("ld"));
    command.addAll(List.of(flags));
    Path object = world.lower.resolve(name + ".o");
    command.addAll(List.of("-o", world.lower.resolve(name).toString(), object.toString()));
    host(command.toArray(String[]::new));
    Files.delete(object);
  }
}
