package dev.bricolage.sandbox;

import static dev.bricolage.sandbox.ThreeWays.recorded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * With the recorder or without, the same is known of a run, whatever the program does to the
 * recorder.
 */
class RecorderTest {
  /** What a program needs that goes for the recorder itself. */
  private static final String HOSTILE =
      """
      static long door(long number, long a, long b, long c, long d) {
        register long r10 __asm__("r10") = d;
        long result;
        __asm__ volatile("sub $128, %%rsp; call *%[door]; add $128, %%rsp" : "=a"(result)
            : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), [door] "r"(0x180000L)
            : "rcx", "r11", "memory");
        return result;
      }
      static char *records(size_t *size) {
        FILE *maps = fopen("/proc/self/maps", "r");
        char line[512];
        unsigned long from, to;
        while (fgets(line, sizeof line, maps))
          if (strstr(line, "bric-records") && sscanf(line, "%lx-%lx rw", &from, &to) == 2 && strstr(line, "rw-s")) {
            *size = to - from;
            return (char *)from;
          }
        return NULL;
      }
      """;

  World world;

  @BeforeEach
  void open() throws IOException {
    world = new World(User.CALLER);
  }

  @AfterEach
  void close() throws IOException {
    world.close();
  }

  private Result run(Plan.Recorder recorder, String... argv)
      throws IOException, InterruptedException {
    return new ThreeWays(world).run(recorder, argv);
  }

  private Result same(String... argv) throws IOException, InterruptedException {
    return new ThreeWays(world).same(argv);
  }

  @Test
  void manyLooksAreRecordedAndFewNotified() throws Exception {
    world.program(
        "look",
        """
        char path[100];
        struct stat s;
        for (int i = 0; i < 1000; i++) {
          snprintf(path, sizeof path, "absent-%d", i);
          stat(path, &s);
          access(path, R_OK);
          readlink(path, path + 50, 50);
          open(path, O_RDONLY);
        }
        return 0;
        """);
    Result with = same("./look");
    assertTrue(recorded(with) > 3500, () -> recorded(with) + " recorded");
    long notified = with.ended().usage().notifications();
    assertTrue(notified < 400, () -> notified + " notified"); // those that found all places taken
    assertEquals(1000, with.below("/build").stream().filter(s -> s.endsWith(" absent")).count());
  }

  @Test
  void anOrdinaryUsersProgramsAreRecordedToo() throws Exception {
    try (World other = new World(User.NOBODY_SPECIAL)) {
      other.program("look", "struct stat s; stat(\"absent\", &s); return 0;");
      Result with = new ThreeWays(other).same("./look");
      assertTrue(recorded(with) > 0, () -> "" + with.ended().usage());
    }
  }

  @Test
  void compilersAreWatchedTheSame() throws Exception {
    world.file("inc/a.h", "#include \"b.h\"\n");
    world.file("inc/b.h", "#define B 1\n");
    world.link("other", "inc");
    world.file("m.c", "#include <stdio.h>\n#include \"a.h\"\nint main(void) { return B; }\n");
    world.file("m.cc", "#include <map>\n#include \"a.h\"\nstd::map<int, int> m;\n");
    Result c = same("gcc", "-I", "none", "-I", "other", "-c", "m.c", "-o", "/tmp/m.o");
    assertTrue(recorded(c) > 5 * c.ended().usage().notifications(), () -> "" + c.ended().usage());
    same("g++", "-I", "inc", "-c", "m.cc", "-o", "/tmp/m.o");
    same("sh", "-c", "gcc -I inc m.c -o /tmp/m && /tmp/m || ldd /tmp/m");
  }

  @Test
  void otherProgramsAreWatchedTheSame() throws Exception {
    world.file("d/one", "1");
    world.file("d/sub/two", "2");
    world.link("l", "d/sub");
    same("sh", "-c", "ls -lR . | cut -c1-10; cat l/../one; test -e d/no || realpath l/two l/no d/");
    same("find", ".", "-newer", "d/one", "-type", "f");
    same(
        "sh",
        "-c",
        "cd d && mkdir /tmp/t && cp -r . /tmp/t && tar cf - /tmp/t 2>/dev/null | wc -c");
    same("python3", "-c", "import os; print(os.path.realpath('l/two'), os.path.exists('no/x'))");
    same("perl", "-e", "print -e 'd/one', -l 'l', -e 'no' ? 1 : 0");
  }

  @Test
  void whatItCannotSeeIsNotified() throws Exception {
    world.file("f", "x");
    String looks =
        """
        struct stat s;
        MUST(syscall(SYS_newfstatat, AT_FDCWD, "f", &s, 0));
        syscall(SYS_newfstatat, AT_FDCWD, "direct", &s, 0);
        int d = open(".", O_PATH | O_DIRECTORY);
        fstatat(d, "beside", &s, 0);
        stat("usual", &s);
        return 0;
        """;
    world.program("dynamic", looks);
    world.program("static", looks, "-static");
    same("./dynamic");
    assertEquals(0, recorded(same("./static")));
  }

  @Test
  void theListOfLoadedLibrariesIsTheSame() throws Exception {
    same("ldd", "/usr/bin/env");
    same("env", "LD_TRACE_LOADED_OBJECTS=1", "/usr/bin/env");
  }

  @Test
  void realpathAgreesWithTheCLibrarys() throws Exception {
    world.file("d/f", "x");
    world.file("d/e/g", "x");
    world.link("up", "d/e/..");
    world.link("abs", "/build/d/e");
    world.link("loop", "loop");
    world.link("gone", "d/none");
    world.link("chain", "up/e");
    world.link("file", "d/f");
    world.program(
        "real",
        """
        const char *paths[] = {"", ".", "..", "/", "//", "d", "d/", "d//f", "d/./f", "d/../d/f", "d/f/",
            "d/f/.", "d/f/..", "d/f/x", "d/none", "d/none/", "d/none/..", "d/e/../f", "up/f", "abs/g",
            "abs/../f", "loop", "loop/x", "gone", "gone/x", "chain/g", "file", "file/", "file/..",
            "/usr/bin/../bin/cc", "/usr/lib/../none", "/proc/self/fd", "/dev/stdin", "/build/d/.../f",
            "../build/d/f", "../../../../build/d", "d/.f", "d/..f", "abs/.", "abs/./g", "abs//"};
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
          char into[PATH_MAX] = "";
          errno = 0;
          char *made = realpath(paths[i], NULL);
          int error = errno;
          if (strncmp(paths[i], "/proc", 5) && strncmp(paths[i], "/dev", 4))
            printf("%s: %s %s", paths[i], made ? made : "-", made ? "" : strerrorname_np(error));
          errno = 0;
          char *filled = realpath(paths[i], into);
          printf(" %s %s\\n", filled ? (made && !strcmp(into, made) ? "same" : "OTHER") :
              errno == ENOENT ? into : "", filled ? "" : strerrorname_np(errno));
        }
        errno = 0;
        printf("%p %s\\n", (void *)realpath(NULL, NULL), strerrorname_np(errno));
        return 0;
        """,
        "-D_GNU_SOURCE",
        "-include",
        "limits.h");
    String said = same("./real").out();
    assertTrue(said.contains("up/f: /build/d/f  same"), said);
  }

  @Test
  void callsAgreeInTheirErrors() throws Exception {
    world.file("f", "x");
    world.link("l", "f");
    world.program(
        "errors",
        """
        struct stat s;
        char b[300], longer[5000];
        memset(longer, 'a', sizeof longer - 1);
        longer[sizeof longer - 1] = 0;
        const char *paths[] = {"", "f", "l", "no", "f/x", "no/x", ".", "/", longer, longer + 4800};
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
          SAY(stat(paths[i], &s)); SAY(lstat(paths[i], &s)); SAY(access(paths[i], W_OK));
          SAY(faccessat(AT_FDCWD, paths[i], X_OK, 0)); SAY(readlink(paths[i], b, 1));
          SAY(open(paths[i], O_RDONLY)); SAY(open(paths[i], O_DIRECTORY)); SAY(open(paths[i], O_RDWR | O_EXCL));
          SAY(openat(AT_FDCWD, paths[i], O_RDONLY)); SAY(fstatat(AT_FDCWD, paths[i], &s, AT_SYMLINK_NOFOLLOW));
          SAY(fopen(paths[i], "r") ? 0 : -1); SAY(fopen(paths[i], "nonsense") ? 0 : -1);
          struct statx x;
          SAY(statx(AT_FDCWD, paths[i], 0, STATX_ALL, &x));
        }
        SAY(fstat(-1, &s)); SAY(fstat(0, &s)); SAY(fstat(77, &s)); SAY(stat(NULL, &s)); SAY(access(NULL, 0));
        SAY(open(NULL, 0)); SAY(fstatat(99, "f", &s, 0)); SAY(stat("f", (void *)8)); SAY(readlink("l", b, 0));
        return 0;
        """);
    same("./errors");
  }

  @Test
  void threadsForksSpawnsAndSignalsLoseNothing() throws Exception {
    world.source(
        "storm",
        """
        static void look(int who, int turns) {
          char path[64];
          struct stat s;
          for (int i = 0; i < turns; i++) {
            snprintf(path, sizeof path, "absent-%d-%d", who, i);
            stat(path, &s);
          }
        }
        static void *thread(void *who) { look((int)(long)who, 200); return NULL; }
        static void handler(int number) { look(90, 1); }
        int main(int argc, char **argv) {
          if (argc > 1) { look(atoi(argv[1]), 50); _exit(0); }
          struct itimerval often = {{0, 200}, {0, 200}};
          signal(SIGALRM, handler);
          setitimer(ITIMER_REAL, &often, NULL);
          pthread_t threads[4];
          for (long i = 0; i < 4; i++) pthread_create(&threads[i], NULL, thread, (void *)i);
          for (int i = 10; i < 14; i++) if (fork() == 0) { look(i, 100); _exit(0); }
          if (vfork() == 0) { struct stat s; stat("absent-vfork", &s); execl("./storm", "storm", "20", NULL); _exit(1); }
          char *words[] = {"storm", "21", NULL};
          pid_t pid;
          posix_spawn(&pid, "./storm", NULL, NULL, words, environ);
          for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
          while (wait(NULL) > 0 || errno == EINTR) ;
          return 0;
        }
        """,
        "-D_GNU_SOURCE",
        "-include",
        "sys/time.h");
    Result with = same("./storm");
    assertEquals(
        4 * 200 + 4 * 100 + 2 * 50 + 2,
        with.below("/build").stream().filter(s -> s.startsWith("STAT /build/absent")).count());
    assertTrue(recorded(with) > 1000, () -> recorded(with) + " recorded");
  }

  @Test
  void aProcessThatIsKilledTakesNobodysRecordsAlong() throws Exception {
    world.program(
        "killed",
        """
        struct stat s;
        for (int round = 0; round < 200; round++) {
          pid_t child = fork();
          if (child == 0) for (;;) stat("child", &s);
          usleep(round * 3);
          kill(child, SIGKILL);
          waitpid(child, NULL, 0);
          char path[32];
          snprintf(path, sizeof path, "parent-%d", round);
          stat(path, &s);
        }
        return 0;
        """);
    Result result = run(Plan.Recorder.ALL, "./killed").good();
    assertEquals(
        200,
        result.below("/build").stream().filter(s -> s.startsWith("STAT /build/parent")).count());
  }

  /** A debugger, a freezer or a suspended machine may stop the supervisor at any moment. */
  @Test
  void aSupervisorThatIsStoppedAndGoesOnHandsOutTheRightFiles() throws Exception {
    world.file("words", "said\n");
    Process stopper =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                children=/proc/$1/task/$1/children
                while read -r workers < $children || [ -n "$workers" ]; do
                  for worker in $workers; do kill -STOP $worker; kill -CONT $worker; done
                done 2>/dev/null
                """,
                "stopper",
                Long.toString(server()))
            .start();
    try {
      Result result =
          run(Plan.Recorder.ALL, "sh", "-c", "for i in $(seq 400); do cat < words; done").good();
      assertEquals("", result.err());
      assertEquals("said\n".repeat(400), result.out());
    } finally {
      stopper.destroyForcibly().waitFor();
    }
  }

  private static long server() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").contains("bric-helper"))
        .findFirst()
        .orElseThrow()
        .pid();
  }

  @Test
  void theOrderBetweenProcessesIsKept() throws Exception {
    world.program(
        "order",
        """
        struct stat s;
        stat("made", &s);
        if (fork() == 0) { close(creat("made", 0644)); symlink("made", "link"); _exit(0); }
        wait(NULL);
        MUST(stat("link", &s));
        MUST(open("made", O_RDONLY));
        return 0;
        """);
    assertEquals(
        Set.of("STAT /build/made absent", "STAT /build/link absent"),
        without("order", same("./order").below("/build")));
  }

  private static Set<String> without(String program, Set<String> facts) {
    facts.removeIf(fact -> fact.endsWith("/" + program));
    return facts;
  }

  @Test
  void noBytesComeThroughTheDoor() throws Exception {
    world.file("secret", "x");
    world.source(
        "thief",
        HOSTILE
            + """
            int main(void) {
              struct stat s;
              stat("warm", &s);
              int file = door(SYS_openat, AT_FDCWD, (long)"secret", O_RDONLY, 0);
              char byte = 0;
              read(file, &byte, 1);
              printf("%c\\n", byte);
              printf("%ld\\n", door(SYS_getdents64, file, (long)&s, 8, 0));
              printf("%ld\\n", door(SYS_mount, (long)"a", (long)"/tmp", (long)"tmpfs", 0));
              return 0;
            }
            """);
    Result result = run(Plan.Recorder.ALL, "./thief").good();
    assertEquals("x\n-20\n-1\n", result.out());
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/build/secret", true));
  }

  /** Before a file's bytes can reach a program, what was recorded is out of the program's reach. */
  @Test
  void whatWasRecordedBeforeAFileWasOpenedCannotBeTakenBack() throws Exception {
    world.file("evil", "x");
    world.source(
        "eraser",
        HOSTILE
            + """
            int main(void) {
              struct stat s;
              size_t size;
              char *memory = records(&size);
              stat("asked-before", &s);
              open("evil", O_RDONLY); /* from here on it may do what it likes */
              stat("asked-after", &s);
              memset(memory, 0, size);
              return 0;
            }
            """);
    Set<String> facts = run(Plan.Recorder.ALL, "./eraser").below("/build");
    assertTrue(facts.contains("STAT /build/asked-before absent"), facts::toString);
    assertTrue(facts.contains("CONTENT /build/evil"), facts::toString);
  }

  @Test
  void nonsenseInTheRecordsMakesTheRunUnobserved() throws Exception {
    world.source(
        "scribbler",
        HOSTILE
            + """
            int main(void) {
              struct stat s;
              size_t size;
              char *memory = records(&size);
              stat("a", &s);
              for (size_t i = 0; i < size; i++) memory[i] = 2;
              open("b", O_RDONLY);
              return 0;
            }
            """);
    Ended ended = run(Plan.Recorder.ALL, "./scribbler").ended();
    assertEquals(Optional.of("a program wrote into the recorder's memory"), ended.unobserved());
    run(Plan.Recorder.ALL, "true").good(); // others do not notice
  }

  @Test
  void aProgramThatUnmapsTheRecordsHarmsItself() throws Exception {
    world.source(
        "unmapper",
        HOSTILE
            + """
            int main(void) {
              struct stat s;
              size_t size;
              char *memory = records(&size);
              munmap(memory, size);
              stat("a", &s);
              return 0;
            }
            """);
    assertEquals(new Ended.Killed(11), run(Plan.Recorder.ALL, "./unmapper").ended().exit());
    run(Plan.Recorder.ALL, "true").good();
  }

  @Test
  void whoTakesTheDoorsPlaceIsWatchedAsBefore() throws Exception {
    world.program(
        "squatter",
        """
        struct stat s;
        stat("a", &s);
        char *page = mmap((void *)0x180000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        MUST(page == (void *)0x180000 ? 0 : -1);
        memset(page, 0xcc, 4096);
        stat("b", &s);
        MUST(munmap(page, 4096));
        stat("c", &s);
        return 0;
        """);
    assertEquals(
        Set.of("STAT /build/a absent", "STAT /build/b absent", "STAT /build/c absent"),
        without(
            "squatter",
            same("./squatter").below("/build").stream()
                .filter(f -> f.startsWith("STAT"))
                .collect(Collectors.toCollection(TreeSet::new))));
  }

  @Test
  void aProgramThatShutsItselfOffIsWatchedAsBefore() throws Exception {
    world.program(
        "strict",
        """
        struct stat s;
        struct sock_filter code[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getcwd, 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
        struct sock_fprog program = {4, code};
        MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        MUST(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
        stat("relative", &s);
        return 0;
        """,
        "-D_GNU_SOURCE",
        "-include",
        "sys/prctl.h",
        "-include",
        "linux/seccomp.h",
        "-include",
        "linux/filter.h");
    same("./strict");
  }

  @Test
  void sanitizersDescriptorsAndLimits() throws Exception {
    String look = "struct stat s; stat(\"a\", &s); open(\"b\", O_RDONLY); return 0;";
    world.program("asan", look, "-fsanitize=address");
    world.program("tsan", look, "-fsanitize=thread", "-fPIE", "-pie");
    world.program("closer", "close_range(0, ~0U, 0);" + look);
    world.program(
        "little",
        "struct rlimit r = {20 << 20, 20 << 20}; MUST(setrlimit(RLIMIT_AS, &r));"
            + "execl(\"/usr/bin/stat\", \"stat\", \"-c\", \"%F\", \"little\", NULL);");
    world.program(
        "few",
        "struct rlimit r = {4, 4}; MUST(setrlimit(RLIMIT_NOFILE, &r));"
            + "execl(\"/usr/bin/stat\", \"stat\", \"-c\", \"%F\", \"few\", NULL);");
    same("./asan");
    same("./tsan");
    same("./closer");
    same("./little");
    same("./few");
    same("sh", "-c", "ulimit -n 4; ./closer");
  }

  @Test
  void anotherLoaderIsLeftAlone() throws Exception {
    world.program("prog", "struct stat s; stat(\"a\", &s); puts(\"ran\"); return 0;");
    same("sh", "-c", "cp /lib64/ld-linux-x86-64.so.2 /tmp/ld-2.31.so; /tmp/ld-2.31.so ./prog");
    same("/lib64/ld-linux-x86-64.so.2", "./prog");
  }
}
