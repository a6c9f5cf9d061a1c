package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every run of a tool is asked about, and goes as it would have gone without. */
@ParameterizedClass
@EnumSource(User.class)
@Timeout(60)
class InnerRunsTest {
  @Parameter User user = User.CALLER;
  World world;

  @BeforeEach
  void open() throws IOException {
    world = new World(user);
  }

  @AfterEach
  void close() throws IOException {
    if (world != null) {
      world.close();
    }
  }

  private static Path compiler() throws IOException {
    return Path.of("/usr/bin/gcc").toRealPath();
  }

  @Test
  void aCompilerRunsAndTellsWhatItDid() throws Exception {
    world.file("a.h", "#define X 42\n");
    world.file("a.c", "#include \"a.h\"\nint x = X;\n");
    Decider decider = Decider.running();
    Result result =
        world
            .tools(
                decider, List.of(compiler().toString()), "cc -Inone -c a.c && cat a.o >/dev/null")
            .good();
    assertEquals("", result.out() + result.err());
    assertEquals(1, decider.asked.size());
    InnerRequest request = decider.asked.getFirst();
    assertEquals(compiler().toString(), request.tool());
    assertEquals("/usr/bin/cc", request.called());
    assertEquals(List.of("cc", "-Inone", "-c", "a.c"), request.argv());
    assertEquals("/build", request.cwd());
    InnerEnded ended = decider.ran.getFirst().ended();
    assertEquals(new Ended.Exited(0), ended.exit());
    assertEquals(Optional.empty(), ended.unobserved());
    assertTrue(ended.sightings().contains(new Sighting(Sighting.Kind.CONTENT, "/build/a.h", true)));
    assertTrue(ended.sightings().contains(new Sighting(Sighting.Kind.STAT, "/build/none", false)));
    assertTrue(ended.changed().contains("/build/a.o"), () -> ended.changed().toString());
    assertFalse(ended.leftBehind());
    assertEquals(Set.of(), ended.used());
    assertTrue(Files.exists(world.upper.resolve("a.o")));
  }

  @Test
  void aHitPutsItsOutputsInPlaceAndSaysWhatWasSaid() throws Exception {
    Decider decider =
        new Decider(request -> {
          world.write(request.root().resolve("build/a.o"), "object");
          return new InnerRuns.Hit(
              3,
              List.of(
                  new Output(false, "one\n".getBytes(UTF_8)),
                  new Output(true, "two\n".getBytes(UTF_8)),
                  new Output(false, "three\n".getBytes(UTF_8))));
        });
    Result result =
        world.tools(decider, List.of(compiler().toString()), "cc -c a.c; echo $?; cat a.o").good();
    assertEquals("one\nthree\n3\nobject", result.out());
    assertEquals("two\n", result.err());
    assertEquals("one\ntwo\nthree\n3\nobject", result.captured().both());
    assertEquals("object", Files.readString(world.upper.resolve("a.o")));
  }

  /** Tells of itself what a process can. */
  private static final String PROBE =
      """
      char text[4096];
      ssize_t n = readlink("/proc/self/exe", text, sizeof text - 1);
      printf("exe %.*s\\n", (int)n, text);
      printf("execfn %s\\n", (char *)getauxval(AT_EXECFN));
      for (int i = 0; i < argc; i++) printf("arg %s\\n", argv[i]);
      for (char **e = environ; *e; e++) printf("env %s\\n", *e);
      printf("cwd %s\\n", getcwd(text, sizeof text) ? text : strerror(errno));
      mode_t mask = umask(0); printf("umask %03o\\n", mask);
      for (int r = 0; r < 16; r++) {
        struct rlimit l; getrlimit(r, &l);
        printf("limit %d %lu %lu\\n", r, l.rlim_cur, l.rlim_max);
      }
      printf("nice %d\\n", getpriority(PRIO_PROCESS, 0));
      cpu_set_t cpus; sched_getaffinity(0, sizeof cpus, &cpus);
      printf("cpus %d\\n", CPU_COUNT(&cpus));
      printf("personality %x\\n", personality(-1));
      sigset_t blocked; sigprocmask(SIG_BLOCK, NULL, &blocked);
      for (int g = 1; g < 65; g++) {
        struct sigaction a;
        if (sigaction(g, NULL, &a) == 0 && a.sa_handler == SIG_IGN) printf("ignored %d\\n", g);
        if (sigismember(&blocked, g) == 1) printf("blocked %d\\n", g);
      }
      printf("tty %d%d%d\\n", isatty(0), isatty(1), isatty(2));
      printf("session %d\\n", (int)getsid(0));
      for (int d = 0; d < 40; d++) {
        int flags = fcntl(d, F_GETFL), close = fcntl(d, F_GETFD);
        struct stat st;
        if (flags >= 0 && fstat(d, &st) == 0) {
          sprintf(text, "/proc/self/fd/%d", d);
          char to[4096]; n = readlink(text, to, sizeof to - 1); to[n] = 0;
          to[strcspn(to, "[")] = 0;
          int captured = d == 2 || (d == 1 && strcmp(to, "/dev/null"));
          if (captured) printf("fd %d\\n", d);
          else printf("fd %d %x %x %o %s\\n", d, flags, close, st.st_mode & S_IFMT, to);
        }
      }
      return 7;
      """;

  private Path tool(String name, String body) throws IOException {
    Path tools = world.data.resolve("bin");
    Files.createDirectories(tools);
    world.program(name, body);
    Path tool = tools.resolve(name);
    Files.move(world.lower.resolve(name), tool);
    return Path.of("/data/bin").resolve(name);
  }

  private static final String ALIASES =
      """
      ln -s /data/bin/probe here
      export PATH=$PATH:/data/bin
      """;

  /** Ways to the tool, each as a line of shell. */
  private static final List<String> WAYS =
      List.of(
          "probe a b",
          "/data/bin/probe",
          "/data/bin/../bin/./probe x",
          "./here y",
          "/proc/self/cwd/here",
          "(cd /; data/bin/probe)",
          "(exec -a other probe 1)",
          "env -i /data/bin/probe",
          "A= B=2 probe",
          "umask 027; probe",
          "ulimit -n 50; ulimit -S -c 0; ulimit -s 1000; probe",
          "trap '' INT USR1; probe",
          "nice -n 5 probe",
          "taskset 1 probe",
          "setarch -R probe",
          "mkdir sub; cd sub; probe",
          "probe 3</etc/passwd 9>out",
          "probe <&-",
          "probe </etc/passwd",
          "probe 5<&0 6>&1 </dev/null",
          "echo x | probe | cat",
          "probe >file 2>&1; cat file",
          "probe >>file 2>/dev/null; cat file",
          "probe 9>&1 >/dev/null 2>file; cat file",
          "x=$(probe); echo \"$x\"",
          "setsid -w probe | grep -v session",
          "python3 -c 'import os; os._exit(os.waitstatus_to_exitcode(os.wait()[1]) if os.posix_spawn(\"/data/bin/probe\", [\"p\"], {\"E\": \"1\"}) else 1)'",
          "perl -e 'system(\"probe\", \"from\", \"perl\"); print $? >> 8'",
          "printf 'all:; +probe\\n' >mk; make -s -f mk");

  /** What the tool sees, and what its caller does, is the same with and without a shim. */
  @Test
  void theToolSeesNoDifference() throws Exception {
    String tool = tool("probe", PROBE).toString();
    Decider decider = Decider.running();
    assertAll(WAYS.stream().map(way -> () -> compare(tool, decider, way)));
  }

  private void compare(String tool, Decider decider, String way)
      throws IOException, InterruptedException {
    String script = ALIASES + way + "\necho status $?";
    Result plain = world.run("bash", "-c", script);
    decider.asked.clear();
    decider.ran.clear();
    Result shimmed = world.tools(decider, List.of(tool), script);
    assertEquals(plain.out(), shimmed.out(), way);
    assertEquals(plain.err(), shimmed.err(), way);
    assertEquals(plain.ended().exit(), shimmed.ended().exit(), way);
    assertEquals(1, decider.ran.size(), way);
    InnerEnded ended = decider.ran.getFirst().ended();
    assertEquals(Optional.empty(), ended.unobserved(), way);
    assertFalse(ended.leftBehind(), way);
  }

  private InnerEnded one(Decider decider) {
    assertEquals(1, decider.ran.size(), () -> decider.ran.toString());
    return decider.ran.getFirst().ended();
  }

  @Test
  void aScriptIsATool() throws Exception {
    world.file("lib", "from lib");
    Path script = world.data.resolve("tool.sh");
    Files.writeString(script, "#!/bin/sh -u\necho \"$0 $*\"; cat lib; echo err >&2; exit 9\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Decider decider = Decider.running();
    Result result =
        world.tools(decider, List.of("/data/tool.sh"), "/data/tool.sh a b; echo $?").good();
    assertEquals("/data/tool.sh a b\nfrom lib9\n", result.out());
    assertEquals("err\n", result.err());
    InnerEnded ended = one(decider);
    assertEquals(
        List.of(
            new Output(false, "/data/tool.sh a b\nfrom lib".getBytes(UTF_8)),
            new Output(true, "err\n".getBytes(UTF_8))),
        ended.output());
    assertTrue(ended.sightings().contains(new Sighting(Sighting.Kind.CONTENT, "/build/lib", true)));
    assertEquals(Set.of(), ended.used());
  }

  @Test
  void changesAreToldByTheirPaths() throws Exception {
    world.file("old", "x");
    world.file("gone", "x");
    world.file("mode", "x");
    world.file("read", "x");
    Path tool =
        tool(
            "changer",
            """
            MUST(creat("made.tmp", 0644));
            MUST(rename("made.tmp", "made"));
            MUST(rename("old", "new"));
            MUST(unlink("gone"));
            MUST(mkdir("dir", 0755));
            MUST(symlink("made", "dir/link"));
            MUST(link("made", "hard"));
            MUST(chmod("mode", 0755));
            MUST(open("read", O_RDONLY));
            int fd = open("dir/appended", O_WRONLY | O_CREAT | O_APPEND, 0644);
            MUST(fd);
            MUST(creat("/tmp/scratch", 0644));
            MUST(unlink("/tmp/scratch"));
            open("none/sub", O_RDONLY);
            return 0;
            """);
    Decider decider = Decider.running();
    world.tools(decider, List.of(tool.toString()), "/data/bin/changer; touch other").good();
    assertEquals(
        Set.of(
            "/build/made.tmp",
            "/build/made",
            "/build/old",
            "/build/new",
            "/build/gone",
            "/build/dir",
            "/build/dir/link",
            "/build/hard",
            "/build/mode",
            "/build/dir/appended",
            "/tmp/scratch"),
        Set.copyOf(one(decider).changed()));
  }

  @Test
  void aSignalThatKillsTheToolKillsItsProcessInTheBuild() throws Exception {
    Path tool = tool("dies", "struct rlimit z = {0}; raise(atoi(argv[1])); return 0;");
    for (int signal : new int[] {2, 6, 9, 11, 13, 15}) {
      Decider decider = Decider.running();
      Result result =
          world.tools(
              decider,
              List.of(tool.toString()),
              "ulimit -c 0; /data/bin/dies %d; echo $?".formatted(signal));
      assertEquals((128 + signal) + "\n", result.out());
      assertEquals(new Ended.Killed(signal), one(decider).exit());
    }
  }

  /** Says so when it waits for a signal; exits with 5 when USR1 comes, counts others. */
  private static final String WAITER =
      """
      sigset_t set; sigfillset(&set); sigprocmask(SIG_BLOCK, &set, NULL);
      close(creat("ready", 0644));
      for (;;) {
        int number; sigwait(&set, &number);
        if (number == SIGUSR1) return 5;
        printf("got %d\\n", number); fflush(stdout);
      }
      """;

  private static final String AWAIT_READY = "while ! test -e ready; do sleep 0.01; done; ";

  @Test
  void signalsToTheToolsProcessReachTheToolOnce() throws Exception {
    Path tool = tool("waiter", WAITER);
    Result result =
        world.tools(
            Decider.running(),
            List.of(tool.toString()),
            "/data/bin/waiter & p=$!; "
                + AWAIT_READY
                + "kill -INT $p; sleep 0.1; kill -TERM $p; sleep 0.1; kill -USR1 $p; wait $p; echo $?");
    assertEquals("got 2\ngot 15\n5\n", result.good().out());
  }

  @Test
  void aKilledProcessTakesItsToolAlong() throws Exception {
    Path tool =
        tool(
            "spinner",
            "if (!fork()) for (;;) pause(); close(creat(\"ready\", 0644)); for (;;) pause();");
    Decider decider = Decider.running();
    Result result =
        world.tools(
            decider,
            List.of(tool.toString()),
            "/data/bin/spinner & p=$!; "
                + AWAIT_READY
                + "kill -9 $p; wait $p; echo $?; for i in 1 2 3 4 5 6 7 8 9 10; do "
                + "n=$(grep -l '^spinner' /proc/[0-9]*/comm 2>/dev/null | wc -l); test $n = 0 && break; sleep 0.1; done; echo $n");
    assertEquals("137\n0\n", result.out());
    assertEquals(new Ended.Killed(9), one(decider).exit());
    assertEquals(
        Optional.of("the tool's process in the build was killed"), one(decider).unobserved());
  }

  @Test
  void whatAToolLeavesBehindIsToldAndLives() throws Exception {
    Path tool =
        tool(
            "server",
            """
            if (fork()) return 0;
            setsid();
            while (access("stop", F_OK)) usleep(10000);
            printf("late\\n");
            close(creat("stopped", 0644));
            return 0;
            """);
    Decider decider = Decider.running();
    Result result =
        world.tools(
            decider,
            List.of(tool.toString()),
            "/data/bin/server; echo started; touch stop; while ! test -e stopped; do sleep 0.01; done; sleep 0.1");
    assertEquals("started\nlate\n", result.good().out());
    assertTrue(one(decider).leftBehind());
  }

  @Test
  void inheritedDescriptorsAreToldOnlyIfUsed() throws Exception {
    Path tool =
        tool(
            "reader",
            "char b[9]; if (argc > 1) { int d = atoi(argv[1]); read(d, b, 1); } int f = open(\"/etc/passwd\", O_RDONLY); read(f, b, 9); syscall(SYS_statx, 0, NULL, 0, 0, NULL); return 0;");
    String open = "exec 5</etc/hostname 7<&0; ";
    List<String> tools = List.of(tool.toString());
    Decider decider = Decider.running();
    world.tools(decider, tools, open + "echo x | /data/bin/reader").good();
    world.tools(decider, tools, open + "/data/bin/reader 5").good();
    world.tools(decider, tools, open + "echo x | /data/bin/reader 0").good();
    world.tools(decider, tools, open + "/data/bin/reader 0 </dev/null").good();
    world.tools(decider, tools, open + "5<&- /data/bin/reader").good();
    assertEquals(
        List.of(Set.of(), Set.of(5), Set.of(0), Set.of(0), Set.of()),
        decider.ran.stream().map(ran -> ran.ended().used()).toList());
    Decider harmless = new Decider(request -> new InnerRuns.Run(Set.of(5)));
    world.tools(harmless, tools, open + "/data/bin/reader 5").good();
    assertEquals(Set.of(), one(harmless).used());
  }

  @Test
  void errorsAreHeardThoughNobodyWantsThem() throws Exception {
    Path tool =
        tool(
            "complains",
            "fprintf(stderr, \"bad\\n\"); printf(\"said\\n\"); fflush(stdout); return errno;");
    List<String> tools = List.of(tool.toString());
    Decider decider = Decider.running();
    Result result = world.tools(decider, tools, "/data/bin/complains 2>/dev/null; echo $?").good();
    assertEquals("said\n0\n", result.out());
    assertEquals("", result.err());
    Output bad = new Output(true, "bad\n".getBytes(UTF_8));
    Output said = new Output(false, "said\n".getBytes(UTF_8));
    assertEquals(List.of(bad, said), one(decider).output());
    decider = Decider.running();
    world.tools(decider, tools, "/data/bin/complains >/dev/null 2>&1").good();
    assertEquals(List.of(bad), one(decider).output());
    // What cannot be written to cannot be written to.
    decider = Decider.running();
    result = world.tools(decider, tools, "/data/bin/complains 2</dev/null; echo $?").good();
    assertEquals("said\n9\n", result.out());
    assertEquals(List.of(said), one(decider).output());
  }

  /** Whether the kernel keeps for a pidfd how its process ended. */
  private static boolean kernelTells() {
    String[] version = System.getProperty("os.version").split("[^0-9]+", 3);
    int major = Integer.parseInt(version[0]);
    return major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 15);
  }

  private static final String DRIVER =
      """
      for (int i = 1; i < argc; i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
          if (!strncmp(argv[i], "raise", 5)) raise(atoi(argv[i] + 5));
          else if (!strncmp(argv[i], "looks", 5)) { open("/etc/passwd", O_RDONLY); raise(atoi(argv[i] + 5)); }
          else execl("/bin/sh", "sh", "-c", argv[i], (char *)NULL);
          _exit(0);
        }
        int status;
        if (child < 0 || waitpid(child, &status, 0) < 0) return 99;
        if (status) printf("%d ", WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
      }
      return 0;
      """;

  /** How many processes of the tool a signal ended, when it starts these one after another. */
  private OptionalInt killed(String... children) throws Exception {
    Path tool = Path.of("/data/bin/driver");
    if (!Files.exists(world.data.resolve("bin/driver"))) {
      tool("driver", DRIVER);
    }
    Decider decider = Decider.running();
    StringBuilder script = new StringBuilder("ulimit -c 0; /data/bin/driver");
    for (String child : children) {
      script.append(" '").append(child).append('\'');
    }
    world.tools(decider, List.of(tool.toString()), script.toString()).good();
    return one(decider).killed();
  }

  @Test
  void endsBySignalsAreToldOfAllProcesses() throws Exception {
    Assumptions.assumeTrue(kernelTells());
    assertEquals(OptionalInt.of(0), killed());
    assertEquals(OptionalInt.of(0), killed("exit 3", "ls | cat", "exit 137"));
    assertEquals(OptionalInt.of(1), killed("kill -9 $$"));
    assertEquals(OptionalInt.of(2), killed("true", "kill -SEGV $$", "(kill -TERM $$)", "true"));
    assertEquals(OptionalInt.of(1), killed("sh -c \"kill -9 \\$\\$\"; exit 0"));
    assertEquals(OptionalInt.of(1), killed("ulimit -t 1; while :; do :; done"));
    assertEquals(OptionalInt.of(1), killed("looks6"));
    assertEquals(OptionalInt.of(1), killed("looks13", "looks0"));
    // More than are kept an eye on at once, one after another.
    assertEquals(OptionalInt.of(1), killed("for i in $(seq 200); do /bin/true; done; kill -9 $$"));
  }

  @Test
  void whereNotAllProcessesWereSeenThatIsTold() throws Exception {
    assertEquals(OptionalInt.empty(), killed("raise9")); // it makes no call that is a question
    assertEquals(OptionalInt.empty(), killed("raise0"));
    assertEquals(
        OptionalInt.empty(),
        killed("for i in $(seq 150); do sleep 1 & done; wait")); // too many at once
  }

  @Test
  void threadsAndTheToolsOwnEndAreNoProcessesThatWereKilled() throws Exception {
    Assumptions.assumeTrue(kernelTells());
    Path tool =
        tool(
            "threads",
            """
            void *look(void *unused) { close(open("/etc/passwd", O_RDONLY)); usleep(1000); return unused; }
            pthread_t threads[300];
            for (int i = 0; i < 300; i++) MUST(pthread_create(&threads[i], NULL, look, NULL));
            for (int i = 0; i < 300; i++) pthread_join(threads[i], NULL);
            raise(argc > 1 ? SIGKILL : 0);
            return 0;
            """);
    for (String words : List.of("", " x")) {
      Decider decider = Decider.running();
      world.tools(decider, List.of(tool.toString()), "/data/bin/threads" + words + "; :").good();
      assertEquals(OptionalInt.of(0), one(decider).killed(), words);
    }
  }

  @Test
  void limitsAreToldAsTheyAreAndWere() throws Exception {
    Path tool = tool("never", "return 0;");
    Decider decider = new Decider(request -> new InnerRuns.Hit(0, List.of()));
    world
        .tools(
            decider,
            List.of(tool.toString()),
            "/data/bin/never; ulimit -v 8000000; ulimit -S -n 50; /data/bin/never")
        .good();
    List<InnerRequest.Limited> usual = decider.asked.getFirst().limits();
    assertEquals(Limit.Resource.values().length, usual.size());
    usual.forEach(limited -> assertEquals(limited.usual(), limited.now()));
    List<InnerRequest.Limited> limits = decider.asked.getLast().limits();
    for (InnerRequest.Limited limited : limits) {
      Limit was = usual.get(limits.indexOf(limited)).now();
      assertEquals(was, limited.usual());
      Limit expected =
          switch (was.resource()) {
            case ADDRESS_SPACE_BYTES -> Limit.of(was.resource(), 8000000L << 10);
            case OPEN_FILES -> new Limit(was.resource(), OptionalLong.of(50), was.hard());
            default -> was;
          };
      assertEquals(expected, limited.now());
    }
  }

  @Test
  void inputIsReadAheadAndFoundUnread() throws Exception {
    Path tool =
        tool(
            "copy",
            "char b[4096]; ssize_t n; while ((n = read(0, b, sizeof b)) > 0) write(1, b, n); return 0;");
    List<String> tools = List.of(tool.toString());
    for (String way :
        List.of("(echo a; sleep 0.1; echo b) | %s", "printf 'a\\nb\\n' >in; %s <in")) {
      for (long most : new long[] {1 << 20, 1}) {
        List<InnerRequest.Input> inputs = new ArrayList<>();
        Decider decider =
            new Decider(request -> {
              inputs.add(request.input(most));
              return new InnerRuns.Run();
            });
        Result result = world.tools(decider, tools, way.formatted("/data/bin/copy")).good();
        assertEquals("a\nb\n", result.out());
        assertTrue("a\nb\n".startsWith(new String(inputs.getFirst().bytes(), UTF_8)));
        assertEquals(most > 1, inputs.getFirst().whole());
        assertEquals(most > 1 ? Set.of() : Set.of(0), one(decider).used(), way + most);
      }
    }
  }

  @Test
  void longWordsArriveWhole() throws Exception {
    Path tool =
        tool(
            "long",
            "long n = 0; for (int i = 0; i < argc; i++) n += strlen(argv[i]); printf(\"%d %ld\\n\", argc, n); return 0;");
    String script =
        "a=$(printf '%0100000d' 0); /data/bin/long $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a";
    Decider decider = Decider.running();
    assertEquals(
        "21 2000014\n", world.tools(decider, List.of(tool.toString()), script).good().out());
    assertEquals(21, decider.asked.getFirst().argv().size());
    assertEquals("0".repeat(100000), decider.asked.getFirst().argv().get(20));
    assertTrue(decider.asked.getFirst().legible());
  }

  @Test
  void aWordThatIsNotUtf8IsToldAndArrives() throws Exception {
    Path tool =
        tool("hex", "for (char *p = argv[1]; *p; p++) printf(\"%02x\", *p & 255); return 0;");
    Decider decider = Decider.running();
    assertEquals(
        "ff41",
        world.tools(decider, List.of(tool.toString()), "/data/bin/hex $'\\xffA'").good().out());
    assertFalse(decider.asked.getFirst().legible());
  }

  @Test
  void manyAtOnceUnderAJobserver() throws Exception {
    Path tool =
        tool(
            "work",
            "usleep(20000); char n[99]; sprintf(n, \"%s.o\", argv[1]); int f = creat(n, 0644); dprintf(f, \"made %s\", argv[1]); printf(\"did %s\\n\", argv[1]); return 0;");
    StringBuilder make = new StringBuilder("all:");
    for (int i = 0; i < 60; i++) {
      make.append(" t").append(i);
    }
    make.append("\nt%:\n\t+@/data/bin/work $*\n");
    world.file("Makefile", make.toString());
    Decider decider = Decider.running();
    Result result = world.tools(decider, List.of(tool.toString()), "make -j8").good();
    assertEquals(60, result.out().lines().filter(line -> line.startsWith("did ")).count());
    assertEquals(60, decider.ran.size());
    for (Decider.Ran ran : decider.ran) {
      String number = ran.request().argv().get(1);
      assertEquals(List.of("/build/" + number + ".o"), ran.ended().changed());
      assertEquals(
          List.of(new Output(false, ("did " + number + "\n").getBytes(UTF_8))),
          ran.ended().output());
      assertEquals(Set.of(), ran.ended().used());
    }
  }

  @Test
  void muchOutputIsReplayedWhole() throws Exception {
    Path tool = tool("never", "return 1;");
    byte[] much = "0123456789abcdef".repeat(20000).getBytes(UTF_8);
    Decider decider =
        new Decider(request ->
            new InnerRuns.Hit(0, List.of(new Output(false, much), new Output(true, much))));
    Result result =
        world.tools(decider, List.of(tool.toString()), "/data/bin/never | (sleep 0.1; cat)").good();
    assertEquals(much.length, result.out().length());
    assertEquals(much.length, result.err().length());
    result =
        world.tools(decider, List.of(tool.toString()), "/data/bin/never 2>/dev/null | head -c 3");
    assertEquals("012", result.good().out());
  }

  @Test
  void aToolWhoseReaderGoesAwayGetsABrokenPipe() throws Exception {
    Path tool = tool("yes", "for (;;) puts(\"y\"); return 0;");
    Decider decider = Decider.running();
    Result result =
        world.tools(
            decider, List.of(tool.toString()), "/data/bin/yes | head -n 1; echo ${PIPESTATUS[0]}");
    assertEquals("y\n141\n", result.out());
    assertTrue(one(decider).torn());
    assertEquals(Optional.empty(), one(decider).unobserved());
  }

  @Test
  void aDecisionNobodyNeedsIsInterrupted() throws Exception {
    Path tool = tool("never", "return 1;");
    CountDownLatch interrupted = new CountDownLatch(1);
    Decider decider =
        new Decider(request -> {
          try {
            new CountDownLatch(1).await();
            return new InnerRuns.Run();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        });
    Result result =
        world.tools(
            decider,
            List.of(tool.toString()),
            "timeout -s KILL 0.2 /data/bin/never; echo $?; sleep 0.5");
    assertEquals("137\n", result.good().out());
    assertTrue(interrupted.await(10, TimeUnit.SECONDS));
  }

  @Test
  void aDecisionThatFailsUncheckedEndsTheRun() throws Exception {
    Path tool = tool("never", "return 1;");
    Decider decider =
        new Decider(request -> {
          throw new IllegalArgumentException("broken");
        });
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () -> world.tools(decider, List.of(tool.toString()), "/data/bin/never; sleep 100"));
    assertEquals("broken", Objects.requireNonNull(thrown.getCause()).getMessage());
  }

  @Test
  void theShimHidesAndATreeBelongsToItsTool() throws Exception {
    Path tool = tool("never", "return 1;");
    Decider decider = new Decider(request -> new InnerRuns.Hit(0, List.of()));
    Result result =
        world.tools(
            decider,
            List.of(tool.toString(), "/data/absent"),
            "ls -A / | sort | xargs; cp /data/bin/never x; ./x");
    assertEquals("bin build data dev etc lib lib64 proc sbin tmp usr\n", result.out());
    assertEquals(
        "bric: this program stands for a tool in one of bric's sandboxes; it does nothing outside\n",
        result.err());
    assertEquals(new Ended.Exited(126), result.ended().exit());
  }

  @Test
  void anInnerRunThatTriesTheNetworkIsNotToBeRemembered() throws Exception {
    Path tool =
        tool(
            "caller",
            """
            struct sockaddr_in a = {AF_INET, htons(80)};
            inet_pton(AF_INET, "192.0.2.1", &a.sin_addr);
            connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&a, sizeof a);
            return 0;
            """);
    Decider decider = Decider.running();
    Result result = world.tools(decider, List.of(tool.toString()), "/data/bin/caller").good();
    assertEquals(List.of("network: 192.0.2.1:80"), result.ended().notes());
    assertEquals(Optional.of("network: 192.0.2.1:80"), one(decider).unobserved());
  }

  @Test
  void withoutTheZygoteToolsDoNotRunAndSayWhy() throws Exception {
    Path tool = tool("never", "return 0;");
    Decider decider = Decider.running();
    Result result =
        world.tools(
            decider, List.of(tool.toString()), "kill -9 3; sleep 0.1; /data/bin/never; echo $?");
    assertEquals("126\n", result.good().out());
    assertEquals("bric: cannot run /data/bin/never: Broken pipe\n", result.err());
    assertEquals(Optional.of("the tool could not be started"), one(decider).unobserved());
  }

  @Test
  void theServersDeathEndsTools() throws Exception {
    Path tool = tool("sleeper", "printf(\"up\\n\"); fflush(stdout); for (;;) pause();");
    Captured captured = new Captured();
    Plan plan =
        world.plan("sh", "-c", "/data/bin/sleeper; :").shims(List.of(tool.toString())).build();
    Running running = world.sandbox.run(plan, captured, Decider.running());
    var end = new java.util.concurrent.CompletableFuture<String>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(running.await().toString());
          } catch (IOException | InterruptedException e) {
            end.complete(String.valueOf(e.getMessage()));
          }
        });
    assertTrue(captured.something.await(30, TimeUnit.SECONDS));
    ProcessHandle left = sleeper().orElseThrow();
    world.sandbox.server().destroyForcibly();
    assertTrue(end.get(30, TimeUnit.SECONDS).startsWith("the sandbox helper died during the run"));
    left.onExit().get(30, TimeUnit.SECONDS);
  }

  private static Optional<ProcessHandle> sleeper() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().command().orElse("").endsWith("/data/bin/sleeper"))
        .filter(p -> p.info().commandLine().orElse("").contains("sleeper"))
        .findFirst();
  }
}
