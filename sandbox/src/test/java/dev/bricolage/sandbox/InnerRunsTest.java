package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
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
          int captured = (d == 1 || d == 2) && strcmp(to, "/dev/null");
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
          "x=$(probe); echo \"$x\"",
          "setsid -w probe | grep -v session",
          "python3 -c 'import os; os._exit(os.waitstatus_to_exitcode(os.wait()[1]) if os.posix_spawn(\"/data/bin/probe\", [\"p\"], {\"E\": \"1\"}) else 1)'",
          "perl -e 'system(\"probe\", \"from\", \"perl\"); print $? >> 8'",
          "make -s -f - <<'X'\nall:; +probe\nX");

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
}
