package dev.bricolage.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to look at a file is a question, and just the one it should be. */
@ParameterizedClass
@MethodSource("ways")
class ObservationTest {
  @Parameter(0)
  User user = User.CALLER;

  @Parameter(1)
  Plan.Recorder recorder = Plan.Recorder.ALL;

  World world;

  static Stream<Arguments> ways() {
    return Stream.of(
        Arguments.of(User.CALLER, Plan.Recorder.OFF),
        Arguments.of(User.CALLER, Plan.Recorder.ALL),
        Arguments.of(User.NOBODY_SPECIAL, Plan.Recorder.ALL));
  }

  @BeforeEach
  void open() throws IOException {
    world = new World(user);
    world.recorder = recorder;
  }

  @AfterEach
  void close() throws IOException {
    if (world != null) {
      world.close();
    }
  }

  /** Compiles and runs a program and gives its questions below /build, itself left out. */
  private Set<String> questions(String body, String... flags)
      throws IOException, InterruptedException {
    world.program("prog", body + "\nreturn 0;", flags);
    Set<String> asked = world.run("/build/prog").good().below("/build");
    assertTrue(asked.remove("STAT /build/prog"));
    assertTrue(asked.remove("CONTENT /build/prog"));
    return asked;
  }

  private static Set<String> set(String... questions) {
    return new TreeSet<>(List.of(questions));
  }

  @Test
  void openingForReadingAsksForTheContent() throws Exception {
    world.file("dir/a", "x");
    assertEquals(
        set("STAT /build/dir", "STAT /build/dir/a", "CONTENT /build/dir/a"),
        questions("MUST(open(\"dir/a\", O_RDONLY));"));
  }

  @Test
  void openingWhatIsAbsentStopsAtTheFirstMissingName() throws Exception {
    assertEquals(set("STAT /build/no absent"), questions("open(\"no/such/file\", O_RDONLY);"));
  }

  @Test
  void aFileInThePlaceOfADirectoryStopsTheWalk() throws Exception {
    world.file("a", "x");
    assertEquals(set("STAT /build/a"), questions("open(\"a/b/c\", O_RDONLY);"));
  }

  @Test
  void openingToReplaceAsksOnlyWhetherItIsThere() throws Exception {
    world.file("a", "x");
    assertEquals(
        set("STAT /build/a", "STAT /build/new absent"),
        questions(
            """
            MUST(open("a", O_WRONLY | O_CREAT | O_TRUNC, 0644));
            MUST(creat("a", 0644));
            MUST(open("new", O_WRONLY | O_CREAT, 0644));
            """));
  }

  @Test
  void openingToChangeAsksForTheContent() throws Exception {
    world.file("a", "x");
    assertEquals(
        set("STAT /build/a", "CONTENT /build/a"),
        questions("MUST(open(\"a\", O_WRONLY | O_APPEND));"));
  }

  @Test
  void whatTheRunMadeItselfIsNotAskedFor() throws Exception {
    assertEquals(
        set("STAT /build/new absent"),
        questions(
            """
            MUST(creat("new", 0644));
            MUST(open("new", O_RDONLY));
            struct stat s;
            MUST(stat("new", &s));
            """));
  }

  @Test
  void aPathDescriptorAsksOnlyToLook() throws Exception {
    world.file("a", "x");
    assertEquals(set("STAT /build/a"), questions("MUST(open(\"a\", O_PATH));"));
  }

  @Test
  void aPathDescriptorReopenedThroughProcAsksForTheContent() throws Exception {
    world.file("a", "x");
    assertEquals(
        set("STAT /build/a", "CONTENT /build/a"),
        questions(
            """
            int fd = open("a", O_PATH);
            MUST(fd);
            char name[64];
            sprintf(name, "/proc/self/fd/%d", fd);
            MUST(open(name, O_RDONLY));
            """));
  }

  @Test
  void everyLinkOnTheWayIsAsked() throws Exception {
    world.file("real/sub/a", "x");
    world.link("one", "real");
    world.link("real/two", "/build/real/./sub");
    world.link("real/sub/three", "../sub/a");
    assertEquals(
        set(
            "STAT /build/one",
            "STAT /build/real",
            "STAT /build/real/two",
            "STAT /build/real/sub",
            "STAT /build/real/sub/three",
            "STAT /build/real/sub/a",
            "CONTENT /build/real/sub/a"),
        questions("MUST(open(\"one/two/three\", O_RDONLY));"));
  }

  @Test
  void aLoopOfLinksEnds() throws Exception {
    world.link("a", "b");
    world.link("b", "a");
    assertEquals(
        set("STAT /build/a", "STAT /build/b"),
        questions("if (open(\"a\", O_RDONLY) >= 0 || errno != ELOOP) return 1;"));
  }

  @Test
  void aDanglingLinkAsksForItsTarget() throws Exception {
    world.link("a", "nowhere");
    assertEquals(
        set("STAT /build/a", "STAT /build/nowhere absent"),
        questions("struct stat s; stat(\"a\", &s);"));
  }

  @Test
  void creatingThroughALinkAsksForItsTarget() throws Exception {
    world.link("a", "made");
    assertEquals(
        set("STAT /build/a", "STAT /build/made absent"),
        questions("MUST(open(\"a\", O_WRONLY | O_CREAT, 0644));"));
    assertTrue(Files.exists(world.upper.resolve("made")));
  }

  @Test
  void callsThatDoNotFollowAskForTheLinkAlone() throws Exception {
    world.file("f", "x");
    world.link("a", "f");
    assertEquals(
        set("STAT /build/a"),
        questions(
            """
            struct stat s;
            char target[100];
            MUST(lstat("a", &s));
            MUST(readlink("a", target, sizeof target));
            MUST(fstatat(AT_FDCWD, "a", &s, AT_SYMLINK_NOFOLLOW));
            struct statx x;
            MUST(statx(AT_FDCWD, "a", AT_SYMLINK_NOFOLLOW, STATX_ALL, &x));
            if (open("a", O_RDONLY | O_NOFOLLOW) >= 0 || errno != ELOOP) return 1;
            if (open("a", O_WRONLY | O_CREAT | O_EXCL, 0644) >= 0 || errno != EEXIST) return 1;
            MUST(open("a", O_PATH | O_NOFOLLOW));
            """));
  }

  @Test
  void aTrailingSlashFollows() throws Exception {
    world.file("d/f", "x");
    world.link("a", "d");
    assertEquals(
        set("STAT /build/a", "STAT /build/d"),
        questions("struct stat s; MUST(lstat(\"a/\", &s)); if (!S_ISDIR(s.st_mode)) return 1;"));
  }

  @Test
  void lookingFollowsLinks() throws Exception {
    world.file("f", "x");
    world.link("a", "f");
    for (String call :
        List.of(
            "stat(\"a\", &s)",
            "syscall(SYS_stat, \"a\", &s)",
            "access(\"a\", R_OK)",
            "faccessat(AT_FDCWD, \"a\", R_OK, AT_EACCESS)",
            "syscall(SYS_faccessat, AT_FDCWD, \"a\", R_OK)",
            "statx(AT_FDCWD, \"a\", 0, STATX_SIZE, (void *)x)",
            "statfs(\"a\", (void *)x)")) {
      assertEquals(set("STAT /build/a", "STAT /build/f"), questions(checked(call)), call);
    }
  }

  /** Changing a mode copies the file up: its bytes become an output. */
  @Test
  void changingWhatIsNotContentAsksForTheContent() throws Exception {
    world.file("f", "x");
    world.link("a", "f");
    for (String call :
        List.of(
            "chmod(\"a\", 0600)",
            "chown(\"a\", -1, -1)",
            "utimensat(AT_FDCWD, \"a\", NULL, 0)",
            "syscall(SYS_utime, \"a\", NULL)",
            "syscall(SYS_utimes, \"a\", NULL)",
            "syscall(SYS_futimesat, AT_FDCWD, \"a\", NULL)",
            "setxattr(\"a\", \"user.k\", \"v\", 1, 0)",
            "syscall(452, AT_FDCWD, \"a\", 0600, 0)",
            "fchmodat(AT_FDCWD, \"a\", 0600, 0)",
            "fchownat(open(\"a\", O_PATH), \"\", -1, -1, AT_EMPTY_PATH)")) {
      assertEquals(
          set("STAT /build/a", "STAT /build/f", "CONTENT /build/f"),
          questions(checked(call)),
          call);
    }
  }

  private static String checked(String call) {
    return "struct stat s; char x[4096]; if (%s < 0 && errno != ENOSYS) { perror(\"%s\"); return 1; }"
        .formatted(call, call.replace("\"", "'"));
  }

  @Test
  void anEmptyPathAsksNothingNewAndANamedOneCannotHideBehindTheFlag() throws Exception {
    world.file("f", "x");
    world.file("g", "x");
    assertEquals(
        set("STAT /build/f", "STAT /build/g"),
        questions(
            """
            struct stat s;
            struct statx x;
            int fd = open("f", O_PATH);
            MUST(fstatat(fd, "", &s, AT_EMPTY_PATH));
            MUST(statx(fd, "", AT_EMPTY_PATH, STATX_ALL, &x));
            MUST(fstatat(AT_FDCWD, "g", &s, AT_EMPTY_PATH));
            """));
  }

  @Test
  void listingAsksForTheNames() throws Exception {
    world.file("d/x", "");
    world.file("e/x", "");
    assertEquals(
        set("STAT /build/d", "LIST /build/d", "STAT /build/e"),
        questions(
            """
            DIR *d = opendir("d");
            while (readdir(d));
            opendir("e");
            """));
  }

  @Test
  void movingAsksForTheContentOfTheSource() throws Exception {
    world.file("a", "x");
    world.file("b", "x");
    world.file("c", "x");
    world.file("d/t", "x");
    assertEquals(
        set(
            "STAT /build/a",
            "CONTENT /build/a",
            "STAT /build/a2 absent",
            "STAT /build/b",
            "CONTENT /build/b",
            "STAT /build/b2 absent",
            "STAT /build/c",
            "CONTENT /build/c",
            "STAT /build/d",
            "STAT /build/d/t",
            "CONTENT /build/d/t"),
        questions(
            """
            MUST(rename("a", "a2"));
            MUST(link("b", "b2"));
            MUST(syscall(SYS_renameat2, AT_FDCWD, "c", AT_FDCWD, "d/t", 2 /* exchange */));
            """));
  }

  @Test
  void aDescriptorLinkedByItsEmptyPathAsksForTheContent() throws Exception {
    world.file("a", "x");
    assertEquals(
        set("STAT /build/a", "CONTENT /build/a", "STAT /build/b absent"),
        questions(
            """
            char name[64];
            sprintf(name, "/proc/self/fd/%d", open("a", O_PATH));
            MUST(linkat(AT_FDCWD, name, AT_FDCWD, "b", AT_SYMLINK_FOLLOW));
            """));
  }

  @Test
  void changingTheTreeAsksWhatIsThere() throws Exception {
    world.file("a", "x");
    world.file("t", "long");
    world.file("dir/x", "x");
    assertEquals(
        set(
            "STAT /build/a",
            "STAT /build/d absent",
            "STAT /build/l absent",
            "STAT /build/p absent",
            "STAT /build/t",
            "CONTENT /build/t",
            "STAT /build/dir",
            "LIST /build/dir"),
        questions(
            """
            MUST(unlink("a"));
            MUST(mkdir("d", 0755));
            MUST(rmdir("d"));
            MUST(symlink("a", "l"));
            MUST(mknod("p", S_IFIFO | 0600, 0));
            MUST(truncate("t", 1));
            if (rmdir("dir") == 0 || errno != ENOTEMPTY) return 1;
            """));
  }

  @Test
  void movingOntoADirectoryAsksWhetherItIsEmpty() throws Exception {
    world.file("full/x", "x");
    assertEquals(
        set("STAT /build/new absent", "STAT /build/full", "LIST /build/full"),
        questions(
            """
            MUST(mkdir("new", 0755));
            if (rename("new", "full") == 0 || errno != ENOTEMPTY) return 1;
            """));
  }

  @Test
  void theViewIsTheRunsOwnAtEachMoment() throws Exception {
    world.file("a/f", "x");
    world.file("b/f", "x");
    world.link("l", "a");
    assertEquals(
        set(
            "STAT /build/l",
            "STAT /build/a",
            "STAT /build/a/f",
            "STAT /build/b",
            "STAT /build/b/f",
            "CONTENT /build/b/f"),
        questions(
            """
            struct stat s;
            MUST(stat("l/f", &s));
            MUST(unlink("l"));
            MUST(symlink("b", "l"));
            MUST(open("l/f", O_RDONLY));
            """));
  }

  @Test
  void relativePathsFollowTheWorkingDirectory() throws Exception {
    world.file("d/e/f", "x");
    world.link("d/up", "e");
    assertEquals(
        set(
            "STAT /build/d",
            "STAT /build/d/up",
            "STAT /build/d/e",
            "STAT /build/d/e/f",
            "CONTENT /build/d/e/f",
            "STAT /build/d/no absent"),
        questions(
            """
            MUST(chdir("d/up"));
            MUST(open("f", O_RDONLY));
            int d = open("..", O_RDONLY | O_DIRECTORY);
            MUST(fchdir(d));
            struct stat s;
            stat("no", &s);
            MUST(openat(open("e", O_PATH), "./../e/f", O_RDONLY));
            """));
  }

  @Test
  void aRemovedWorkingDirectoryDoesNoHarm() throws Exception {
    assertEquals(
        set("STAT /build/d absent", "STAT /build/d/f absent"),
        questions(
            """
            MUST(mkdir("d", 0755));
            MUST(chdir("d"));
            MUST(rmdir("/build/d"));
            if (open("f", O_RDONLY) >= 0 || errno != ENOENT) return 1;
            """));
  }

  @Test
  void aNameThatEndsInDeletedIsAName() throws Exception {
    world.file("d (deleted)/f", "x");
    assertEquals(
        set("STAT /build/d (deleted)", "STAT /build/d (deleted)/f", "CONTENT /build/d (deleted)/f"),
        questions("MUST(chdir(\"d (deleted)\")); MUST(open(\"f\", O_RDONLY));"));
  }

  @Test
  void openat2HonoursItsRoot() throws Exception {
    world.file("jail/etc/f", "x");
    world.link("jail/l", "/etc/f");
    assertEquals(
        set(
            "STAT /build/jail",
            "STAT /build/jail/l",
            "STAT /build/jail/etc",
            "STAT /build/jail/etc/f",
            "CONTENT /build/jail/etc/f"),
        questions(
            """
            struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT};
            int jail = open("jail", O_PATH);
            MUST(syscall(SYS_openat2, jail, "../../l", &how, sizeof how));
            """));
  }

  @Test
  void openat2WithoutARootIsAnOpen() throws Exception {
    world.file("f", "x");
    assertEquals(
        set("STAT /build/f", "CONTENT /build/f"),
        questions(
            """
            struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_BENEATH};
            MUST(syscall(SYS_openat2, AT_FDCWD, "f", &how, sizeof how));
            """));
  }

  @Test
  void procLeadsBackToTheFiles() throws Exception {
    world.file("d/f", "x");
    for (String path :
        List.of(
            "\"/proc/self/cwd/d/f\"",
            "\"/proc/thread-self/cwd/d/f\"",
            "\"/proc/thread-self/root/build/d/f\"",
            "\"/proc/self/./task/../cwd/d/f\"",
            "\"/proc/%d/cwd/d/f\", getpid()",
            "\"/proc/self/fd/%d/f\", open(\"d\", O_PATH)",
            "\"/dev/fd/%d/f\", open(\"d\", O_PATH)")) {
      assertEquals(
          set("STAT /build/d", "STAT /build/d/f", "CONTENT /build/d/f"),
          questions(
              "char name[99]; sprintf(name, %s); MUST(open(name, O_RDONLY));".formatted(path)),
          path);
    }
  }

  @Test
  void anotherProcessSeenThroughProc() throws Exception {
    world.file("d/f", "x");
    assertEquals(
        set("STAT /build/d", "STAT /build/d/f", "CONTENT /build/d/f"),
        questions(
            """
            int p[2];
            pipe(p);
            pid_t child = fork();
            if (!child) { chdir("d"); write(p[1], "x", 1); pause(); }
            char name[64];
            read(p[0], name, 1);
            sprintf(name, "/proc/%d/cwd/f", child);
            MUST(open(name, O_RDONLY));
            kill(child, SIGKILL);
            """));
  }

  @Test
  void whatHasNoNameIsNoQuestion() throws Exception {
    assertEquals(
        set(),
        questions(
            """
            char name[64];
            int p[2], m = memfd_create("m", 0);
            pipe(p);
            sprintf(name, "/proc/self/fd/%d", m);
            MUST(open(name, O_RDWR));
            sprintf(name, "/proc/self/fd/%d", p[1]);
            MUST(open(name, O_WRONLY));
            int t = open("/tmp", O_TMPFILE | O_RDWR, 0600);
            MUST(t);
            MUST(open("/proc/cpuinfo", O_RDONLY));
            MUST(open("/proc/mounts", O_RDONLY));
            MUST(open("/dev/null", O_RDWR));
            MUST(open("/dev/stdout", O_WRONLY));
            """));
  }

  @Test
  void programsAreAskedForByEveryCallThatStartsThem() throws Exception {
    for (String name : List.of("fork", "vfork", "spawn", "at", "empty", "static")) {
      world.program("tool-" + name, "return 0;", name.equals("static") ? "-static" : "-g0");
    }
    world.program("child", "return 0;");
    Set<String> asked =
        questions(
            """
            char *none[] = {"x", NULL};
            int status;
            pid_t pid = fork();
            if (!pid) { execv("tool-fork", none); _exit(9); }
            waitpid(pid, &status, 0);
            if (status) return 1;
            pid = vfork();
            if (!pid) { execv("tool-vfork", none); _exit(9); }
            waitpid(pid, &status, 0);
            if (status) return 2;
            if (posix_spawn(&pid, "tool-spawn", NULL, NULL, none, environ)) return 3;
            waitpid(pid, &status, 0);
            if (status) return 4;
            pid = fork();
            if (!pid) { syscall(SYS_execveat, AT_FDCWD, "tool-at", none, environ, 0); _exit(9); }
            waitpid(pid, &status, 0);
            if (status) return 5;
            int fd = open("tool-empty", O_PATH);
            pid = fork();
            if (!pid) { syscall(SYS_execveat, fd, "", none, environ, AT_EMPTY_PATH); _exit(9); }
            waitpid(pid, &status, 0);
            if (status) return 6;
            pid = fork();
            if (!pid) { execv("tool-static", none); _exit(9); }
            waitpid(pid, &status, 0);
            if (status) return 7;
            """);
    for (String name : List.of("fork", "vfork", "spawn", "at", "empty", "static")) {
      assertTrue(asked.contains("CONTENT /build/tool-" + name), name);
    }
  }

  @Test
  void scriptsAskForTheirInterpretersAndProgramsForTheirLoader() throws Exception {
    world.program("inner", "return 0;");
    world.link("interp", "inner");
    world.file("outer.sh", "#! /build/interp -x\n");
    world.file("twice.sh", "#!/build/outer.sh\n");
    Result result = world.run("./twice.sh").good();
    assertEquals(
        set(
            "STAT /build/twice.sh",
            "CONTENT /build/twice.sh",
            "STAT /build/outer.sh",
            "CONTENT /build/outer.sh",
            "STAT /build/interp",
            "STAT /build/inner",
            "CONTENT /build/inner"),
        result.below("/build"));
    String loader = Path.of("/lib64/ld-linux-x86-64.so.2").toRealPath().toString();
    assertTrue(result.asked(Sighting.Kind.CONTENT, loader, true), loader);
  }

  @Test
  void theSearchAlongPathIsAskedToo() throws Exception {
    world.file("bin/tool.sh", "#!/bin/sh\nexit 0\n");
    Result result = world.run(p -> p.env("PATH", "/build/none:/build/bin:/usr/bin"), "tool.sh");
    assertEquals(
        set(
            "STAT /build/none absent",
            "STAT /build/bin",
            "STAT /build/bin/tool.sh",
            "CONTENT /build/bin/tool.sh"),
        result.good().below("/build"));
  }

  @Test
  void aMissingCommandIsSaidAndItsProbesAsked() throws Exception {
    Result result = world.run(p -> p.env("PATH", "/build/none:/usr/bin"), "no-such-tool");
    assertEquals(new Ended.Exited(127), result.ended().exit());
    assertEquals("bric: cannot run no-such-tool: no such command in the sandbox\n", result.err());
    assertTrue(result.asked(Sighting.Kind.STAT, "/usr/bin/no-such-tool", false));
  }

  @Test
  void threadsWithTheirOwnDirectoriesAreToldApart() throws Exception {
    world.file("one/f", "x");
    world.file("two/f", "x");
    world.source(
        "prog",
        """
        static void *work(void *dir) {
          unshare(CLONE_FS | CLONE_FILES);
          if (chdir(dir) != 0) exit(2);
          for (int i = 0; i < 200; i++) {
            int fd = open("f", O_RDONLY);
            if (fd < 0) exit(3);
            close(fd);
          }
          return NULL;
        }
        int main(void) {
          pthread_t a, b;
          pthread_create(&a, NULL, work, "one");
          pthread_create(&b, NULL, work, "two");
          pthread_join(a, NULL);
          pthread_join(b, NULL);
          return 0;
        }
        """);
    Set<String> asked = world.run("/build/prog").good().below("/build");
    assertTrue(asked.contains("CONTENT /build/one/f"));
    assertTrue(asked.contains("CONTENT /build/two/f"));
    assertFalse(asked.contains("STAT /build/f absent"));
  }

  @Test
  void pathsAcrossPagesAndLongPathsAreRead() throws Exception {
    String name = "n".repeat(200);
    world.file(name + "/" + name + "/f", "x");
    assertEquals(
        set(
            "STAT /build/" + name,
            "STAT /build/" + name + "/" + name,
            "STAT /build/" + name + "/" + name + "/f",
            "CONTENT /build/" + name + "/" + name + "/f"),
        questions(
            """
            char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            munmap(pages + 4096, 4096);
            const char *name = "%s/f";
            char *at = pages + 4096 - strlen(name) - 1;
            strcpy(at, name);
            MUST(open(at, O_RDONLY));
            char *far = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            at = far + 4096 - 100;
            strcpy(at, name);
            MUST(open(at, O_RDONLY));
            char huge[5000];
            memset(huge, 'x', sizeof huge);
            huge[4999] = 0;
            if (open(huge, O_RDONLY) >= 0 || errno != ENAMETOOLONG) return 1;
            if (open((char *)1, O_RDONLY) >= 0 || errno != EFAULT) return 1;
            """
                .formatted(name + "/" + name)));
  }

  @Test
  void aPathOfFourThousandBytesIsAPath() throws Exception {
    String deep = ("d".repeat(99) + "/").repeat(39) + "f";
    Set<String> asked =
        questions(
            """
            char path[] = "/build/%s";
            for (char *at = path + 7; (at = strchr(at, '/')); *at++ = '/') {
              *at = 0;
              MUST(mkdir(path, 0755));
            }
            MUST(creat(path, 0644));
            """
                .formatted(deep));
    assertTrue(asked.contains("STAT /build/" + deep + " absent"));
    assertEquals(40, asked.size());
  }

  /** As configure's test of getcwd does: down 30 directories of 199 bytes, and up again. */
  private static final String DOWN =
      """
      char name[200];
      memset(name, 'd', 199);
      name[199] = 0;
      MUST(chdir("/tmp"));
      for (int i = 0; i < 30; i++) {
        MUST(mkdir(name, 0755));
        MUST(chdir(name));
      }
      """;

  @Test
  void aDirectoryTooDeepForAPathIsTheRunsOwn() throws Exception {
    world.file("f", "x");
    world.program(
        "prog",
        DOWN
            + """
            MUST(creat("f", 0644));
            MUST(open("./f", O_RDONLY));
            DIR *d = opendir(".");
            while (readdir(d));
            for (int i = 0; i < 30; i++) {
              MUST(chdir(".."));
              remove(name);
            }
            MUST(chdir(name) < 0 ? 0 : 0);
            MUST(open("/build/f", O_RDONLY));
            return 0;
            """);
    Result result = world.run(p -> p.watch("/tmp"), "/build/prog").good();
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/build/f", true));
    assertTrue(result.asked(Sighting.Kind.STAT, "/tmp/" + "d".repeat(199), false));
  }

  @Test
  void aLinkTooDeepForAPathMakesTheRunUnobserved() throws Exception {
    world.file("f", "x");
    world.program(
        "prog",
        DOWN
            + """
            MUST(symlink("/build/f", "link"));
            MUST(open("link", O_RDONLY));
            return 0;
            """);
    Ended ended = world.run(p -> p.watch("/tmp"), "/build/prog").ended();
    assertEquals(new Ended.Exited(0), ended.exit());
    assertEquals(Optional.of("a path is too long to follow: .../link"), ended.unobserved());
  }

  @Test
  void aNameThatIsNotUtf8MakesTheRunUnobserved() throws Exception {
    world.program("prog", "open(\"bad\\xff\\\\name\", O_RDONLY); return 0;");
    Ended ended = world.run("/build/prog").ended();
    assertEquals(Optional.of("name is not UTF-8: /build/bad\\xff\\x5cname"), ended.unobserved());
    assertEquals(List.of("name is not UTF-8: /build/bad\\xff\\x5cname"), ended.notes());
  }

  @Test
  void otherScriptsNamesAreNames() throws Exception {
    world.file("d/größe 漢字", "x");
    assertEquals(
        set("STAT /build/d", "STAT /build/d/größe 漢字", "CONTENT /build/d/größe 漢字"),
        questions("MUST(open(\"d/größe 漢字\", O_RDONLY));"));
  }

  @Test
  void onlyWatchedRootsAreReported() throws Exception {
    world.file("a/f", "x");
    world.file("b/f", "x");
    Captured captured = new Captured();
    Plan plan = world.plan("cat", "a/f", "b/f", "/data/x").build();
    Plan narrow =
        new Plan(
            plan.mounts(),
            plan.argv(),
            plan.env(),
            plan.cwd(),
            plan.hostname(),
            plan.ids(),
            plan.umask(),
            plan.limits(),
            List.of("/build/b"),
            true,
            plan.recorder(),
            plan.shims(),
            plan.memoryBytes());
    Ended ended = world.sandbox.run(narrow, captured).await();
    assertEquals(
        List.of(
            new Sighting(Sighting.Kind.STAT, "/build/b", true),
            new Sighting(Sighting.Kind.STAT, "/build/b/f", true),
            new Sighting(Sighting.Kind.CONTENT, "/build/b/f", true)),
        ended.sightings());
  }

  @Test
  void withoutObservationNothingIsAskedAndItIsSaid() throws Exception {
    world.file("f", "x");
    Result result = world.run(p -> p.observe(false), "cat", "f");
    assertEquals("x", result.out());
    assertEquals(List.of(), result.ended().sightings());
    assertEquals(Optional.of("not asked to observe"), result.ended().unobserved());
  }

  @Test
  void theWorkingDirectoryItselfIsAsked() throws Exception {
    world.file("d/f", "x");
    world.link("l", "d");
    Result result = world.run(p -> p.cwd("/build/l"), "cat", "f").good();
    assertEquals(
        set("STAT /build/l", "STAT /build/d", "STAT /build/d/f", "CONTENT /build/d/f"),
        result.below("/build"));
  }

  @Test
  void unixSocketsAreAskedByTheirPath() throws Exception {
    assertEquals(
        set("STAT /build/s absent", "STAT /build/t absent"),
        questions(
            """
            int s = socket(AF_UNIX, SOCK_STREAM, 0);
            struct sockaddr_un a = {AF_UNIX, "/build/s"};
            if (connect(s, (void *)&a, sizeof a) == 0 || errno != ENOENT) return 1;
            struct sockaddr_un b = {AF_UNIX, "t"};
            MUST(bind(s, (void *)&b, sizeof b));
            """));
  }

  @Test
  void aReadOnlyMountIsAskedLikeAnyOther() throws Exception {
    Files.writeString(world.data.resolve("f"), "x");
    Files.createSymbolicLink(world.data.resolve("l"), Path.of("f"));
    Set<String> asked =
        world
            .sh("cat /data/l /data/l; test -e /data/no; ls /data >/dev/null")
            .good()
            .below("/data");
    assertEquals(
        set("STAT /data/l", "STAT /data/f", "CONTENT /data/f", "STAT /data/no absent"), asked);
  }

  @Test
  void aWritableMountReachedThroughALinkIsNeverTrusted() throws Exception {
    world.file("d/f", "x");
    Plan.Builder plan =
        world
            .plan("sh", "-c", "ls -l l/x; ln -s /build/d/f l/x; cat l/x; rm l/x; ls l/x; true")
            .mount(new MountOp.Dir("/real", 0755))
            .mount(new MountOp.Symlink("real", "/linked"))
            .mount(new MountOp.Tmpfs("/linked/w", 0777))
            .watch("/real")
            .cwd("/");
    world.link("l", "/linked/w");
    Captured captured = new Captured();
    Ended ended = world.sandbox.run(plan.cwd("/build").build(), captured).await();
    assertEquals("x", captured.out());
    assertTrue(ended.sightings().contains(new Sighting(Sighting.Kind.CONTENT, "/build/d/f", true)));
  }

  @Test
  void movingAHostsDirectoryMakesTheRunUnobserved() throws Exception {
    Path shared = Files.createDirectory(world.directory.resolve("shared"));
    Path inner = Files.createDirectory(shared.resolve("d"));
    user.own(shared);
    user.own(inner);
    Result result =
        world.run(
            p -> p.mount(new MountOp.BindWritable(shared.toString(), "/shared")).watch("/shared"),
            "mv",
            "/shared/d",
            "/shared/e");
    assertEquals(
        Optional.of("a directory of a writable mount was moved: .../d"),
        result.ended().unobserved());
  }

  @Test
  void unreadableDirectoriesStopTheCommandNotTheObserver() throws Exception {
    world.file("d/f", "x");
    Files.setPosixFilePermissions(
        world.lower.resolve("d"), PosixFilePermissions.fromString("---------"));
    Result result = world.sh("cat d/f");
    assertEquals(new Ended.Exited(1), result.ended().exit());
    assertTrue(result.asked(Sighting.Kind.STAT, "/build/d", true));
    assertEquals(Optional.empty(), result.ended().unobserved());
  }
}
