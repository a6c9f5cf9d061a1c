package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The sandbox holds what the plan says, and the command finds itself as the plan says. */
@ParameterizedClass
@EnumSource(User.class)
class SandboxTest {
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

  @Test
  void theCommandIsProcessTwoOfAPlannedUserOnAPlannedHost() throws Exception {
    Result result =
        world.run(
            p -> p.hostname("somewhere").ids(7, 8).umask(027),
            "sh",
            "-c",
            "echo $$; uname -n; id -u; id -g; umask; pwd; ps ax -o pid= | wc -l");
    assertEquals(
        "2\nsomewhere\n7\n8\n0027\n/build\n", result.good().out().replaceFirst("\\d+\n$", ""));
  }

  @Test
  void theEnvironmentIsThePlans() throws Exception {
    Result result = world.run(p -> p.env("B", "2 =x").env("A", ""), "/usr/bin/env");
    assertEquals("A=\nB=2 =x\nPATH=/usr/bin:/bin\n", result.good().out());
  }

  @Test
  void theRootHoldsWhatThePlanSays() throws Exception {
    assertEquals(
        List.of("bin", "build", "data", "dev", "etc", "lib", "lib64", "proc", "sbin", "tmp", "usr"),
        Arrays.asList(world.sh("ls /").good().out().split("\n")));
  }

  @Test
  void filesLinksAndDirectoriesAreMade() throws Exception {
    Result result =
        world.run(
            p ->
                p.mount(new MountOp.File("/a/b/f", "x\0y\n".getBytes(UTF_8), 0640))
                    .mount(new MountOp.Symlink("b/f", "/a/l"))
                    .mount(new MountOp.Dir("/a/d", 0711))
                    .mount(new MountOp.Tmpfs("/a/w", 0700)),
            "sh",
            "-c",
            "od -c /a/l; stat -c '%a %n' /a/b /a/b/f /a/d /a/w; echo x >/a/w/f && cat /a/w/f;"
                + " echo x >/a/d/f");
    assertEquals(
        "0000000   x  \\0   y  \\n\n0000004\n755 /a/b\n640 /a/b/f\n711 /a/d\n700 /a/w\nx\n",
        result.out());
    assertEquals("sh: 1: cannot create /a/d/f: Read-only file system\n", result.err());
  }

  @Test
  void writesGoToTheUpperLayer() throws Exception {
    world.file("a", "old");
    world.file("gone", "x");
    world.file("d/f", "x");
    world.sh("echo new >a; rm gone; rm -r d; mkdir d; echo made >d/g").good();
    assertEquals("old", Files.readString(world.lower.resolve("a")));
    assertEquals("new\n", Files.readString(world.upper.resolve("a")));
    assertEquals("made\n", Files.readString(world.upper.resolve("d/g")));
    assertEquals("y", xattr(world.upper.resolve("d"), "overlay.opaque"));
    assertEquals(
        0020000, (int) Files.getAttribute(world.upper.resolve("gone"), "unix:mode") & 0170000);
  }

  private static String xattr(Path path, String name) throws IOException {
    java.nio.file.attribute.UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            path, java.nio.file.attribute.UserDefinedFileAttributeView.class);
    java.nio.ByteBuffer value = java.nio.ByteBuffer.allocate(view.size(name));
    view.read(name, value);
    return UTF_8.decode(value.flip()).toString();
  }

  @Test
  void anOverlayHasManyLayersWithAnyNames() throws Exception {
    Path odd = Files.createDirectory(world.directory.resolve("o:d,d\\"));
    Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path top = Files.createDirectory(odd.resolve("top"));
    Files.writeString(top.resolve("f"), "top");
    Path upper = Files.createDirectory(odd.resolve("up,p:er"));
    Path work = Files.createDirectory(odd.resolve("wo\\rk"));
    user.own(upper);
    user.own(work);
    world.file("f", "bottom");
    world.file("g", "bottom");
    MountOp overlay =
        new MountOp.Overlay(
            List.of(top.toString(), world.lower.toString()),
            upper.toString(),
            work.toString(),
            "/o");
    Result result = world.run(p -> p.mount(overlay), "sh", "-c", "cat /o/f /o/g; echo x >/o/h");
    assertEquals("topbottom", result.good().out());
    assertEquals("x\n", Files.readString(upper.resolve("h")));
  }

  @Test
  void aWritableMountIsTheHosts() throws Exception {
    Path shared = Files.createDirectory(world.directory.resolve("shared"));
    Files.writeString(shared.resolve("f"), "x");
    user.own(shared);
    world
        .run(
            p -> p.mount(new MountOp.BindWritable(shared.toString(), "/shared")),
            "sh",
            "-c",
            "cat /shared/f >/shared/g")
        .good();
    assertEquals("x", Files.readString(shared.resolve("g")));
  }

  @Test
  void exitCodesAndSignalsAreTold() throws Exception {
    assertEquals(new Ended.Exited(3), world.sh("exit 3").ended().exit());
    assertEquals(new Ended.Killed(6), world.sh("kill -ABRT $$").ended().exit());
    assertEquals(new Ended.Killed(9), world.sh("kill -KILL $$").ended().exit());
  }

  @Test
  void aFileThatCannotRunGives126() throws Exception {
    world.file("data.txt", "x");
    Result result = world.run("./data.txt");
    assertEquals(new Ended.Exited(126), result.ended().exit());
    assertEquals("bric: cannot run ./data.txt: Permission denied\n", result.err());
  }

  @Test
  void usageIsCounted() throws Exception {
    Ended ended =
        world.run("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done").ended();
    assertTrue(ended.usage().user().toMillis() > 5, ended.usage().toString());
    assertTrue(ended.usage().maxResidentBytes() > 1 << 19, ended.usage().toString());
    assertTrue(ended.usage().notifications() > 3, ended.usage().toString());
    assertTrue(ended.usage().wall().compareTo(ended.usage().user()) > 0, ended.usage().toString());
  }

  @Test
  void limitsAreSet() throws Exception {
    Result result =
        world.run(
            p ->
                p.limit(Limit.of(Limit.Resource.OPEN_FILES, 77))
                    .limit(Limit.of(Limit.Resource.CORE_BYTES, 0)),
            "sh",
            "-c",
            "ulimit -n; ulimit -c");
    assertEquals("77\n0\n", result.good().out());
  }

  @Test
  void theRootsMemoryIsBounded() throws Exception {
    Result result =
        world.run(p -> p.memoryBytes(1 << 20), "sh", "-c", "head -c 2000000 /dev/zero >/tmp/f");
    assertEquals(new Ended.Exited(1), result.ended().exit());
    assertTrue(result.err().contains("No space left on device"), result.err());
  }

  @Test
  void addressesAreTheSameInEveryRun() throws Exception {
    world.program(
        "where", "int x; printf(\"%p %p %p\\n\", &x, malloc(1), (void *)main); return 0;");
    String first = world.run("./where").good().out();
    assertEquals(first, world.run("./where").good().out());
  }

  @Test
  void descriptorsSignalsAndTerminalAreClean() throws Exception {
    world.program(
        "clean",
        """
        for (int i = 3; i < 200; i++)
          if (fcntl(i, F_GETFD) >= 0) printf("open: %d\\n", i);
        for (int i = 1; i < 32; i++) {
          struct sigaction a;
          sigset_t m;
          sigaction(i, NULL, &a);
          sigprocmask(0, NULL, &m);
          if (a.sa_handler != SIG_DFL) printf("handled: %d\\n", i);
          if (sigismember(&m, i)) printf("blocked: %d\\n", i);
        }
        char c;
        printf("%zd %d %d\\n", read(0, &c, 1), getsid(0) == getpid(), open("/dev/tty", O_RDWR));
        return 0;
        """);
    assertEquals("0 1 -1\n", world.run("./clean").good().out());
  }

  @Test
  void theLoopbackIsUpAndNothingElseIsThere() throws Exception {
    world.program(
        "net",
        """
        int s = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in a = {AF_INET, htons(7777), {htonl(INADDR_LOOPBACK)}};
        MUST(bind(s, (void *)&a, sizeof a));
        MUST(listen(s, 1));
        MUST(connect(c, (void *)&a, sizeof a));
        a.sin_addr.s_addr = inet_addr("192.0.2.1");
        c = socket(AF_INET, SOCK_STREAM, 0);
        SAY(connect(c, (void *)&a, sizeof a));
        c = socket(AF_INET, SOCK_DGRAM, 0);
        SAY(sendto(c, "x", 1, 0, (void *)&a, sizeof a));
        struct sockaddr_in6 six = {AF_INET6, htons(53)};
        inet_pton(AF_INET6, "2001:db8::1", &six.sin6_addr);
        c = socket(AF_INET6, SOCK_STREAM, 0);
        SAY(connect(c, (void *)&six, sizeof six));
        SAY(socket(AF_VSOCK, SOCK_STREAM, 0));
        SAY(socket(AF_PACKET, SOCK_RAW, 0));
        return 0;
        """);
    Result result = world.run("./net").good();
    assertEquals(
        "ENETUNREACH\nENETUNREACH\nENETUNREACH\nEAFNOSUPPORT\nEAFNOSUPPORT\n", result.out());
    assertEquals(
        List.of("network: 192.0.2.1:7777", "network: 192.0.2.1:7777", "network: [2001:db8::1]:53"),
        result.ended().notes());
  }

  @Test
  void stdoutAndStderrKeepTheirOrder() throws Exception {
    world.program(
        "talk",
        """
        for (int i = 0; i < 300; i++) {
          char line[32];
          int n = sprintf(line, "%d\\n", i);
          write(i % 2 ? 2 : 1, line, n);
        }
        return 0;
        """);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      expected.append(i).append('\n');
    }
    assertEquals(expected.toString(), world.run("./talk").good().captured().both());
  }

  @Test
  void orderHoldsBetweenProcesses() throws Exception {
    Result result =
        world.sh("for i in 1 2 3 4 5; do echo o$i; ls /none-$i; /bin/echo p$i; done; true");
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 5; i++) {
      expected.append(
          "o%d\nls: cannot access '/none-%d': No such file or directory\np%d\n".formatted(i, i, i));
    }
    assertEquals(expected.toString(), result.good().captured().both());
  }

  /** The shell writes to descriptor 1 here, which is the other stream for a moment. */
  @Test
  void orderHoldsThroughDuplicatedDescriptors() throws Exception {
    Result result = world.sh("for i in $(seq 300); do echo o$i; echo e$i >&2; done");
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 300; i++) {
      expected.append("o%d\ne%d\n".formatted(i, i));
    }
    assertEquals(expected.toString(), result.good().captured().both());
  }

  @Test
  void muchOutputArrivesWhole() throws Exception {
    Result result =
        world.sh("head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero >&2");
    assertEquals("x".repeat(3_000_000), result.good().out());
    assertEquals(3_000_000, result.err().length());
  }

  @Test
  void outputOfAProcessLeftBehindIsKeptUntilTheEnd() throws Exception {
    Result result = world.sh("(echo early; sleep 1000; echo late) & read x </dev/null; sleep 0.2");
    assertEquals("early\n", result.out());
  }

  @Test
  void stdoutCanBeReopenedByName() throws Exception {
    assertEquals(
        "a\nb\n", world.sh("echo a >/dev/stdout; echo b >/dev/fd/1").good().captured().both());
  }

  @Test
  void threadsAndManyProcessesWork() throws Exception {
    Result result =
        world.sh("for i in $(seq 50); do (cat /etc/hostname >/dev/null; echo $i) & done; wait");
    assertEquals(50, result.good().out().lines().distinct().count());
  }

  @Test
  void aFailedMountSaysWhichAndWhatToDo() throws Exception {
    Result result =
        world.run(p -> p.mount(new MountOp.BindReadOnly("/no/such/place", "/x")), "true");
    assertEquals(
        new Ended.Refused(
            "cannot bind read-only /no/such/place: No such file or directory"
                + " (make sure that it exists, or leave it out of the plan)"),
        result.ended().exit());
  }

  @Test
  void aMissingWorkingDirectoryIsSaid() throws Exception {
    Result result = world.run(p -> p.cwd("/none"), "true");
    assertEquals(
        new Ended.Refused("cannot enter the working directory /none: No such file or directory"),
        result.ended().exit());
  }

  @Test
  void aProgramOfTheOtherWordSizeIsRefused() throws Exception {
    byte[] header = new byte[64];
    byte[] start = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    System.arraycopy(start, 0, header, 0, start.length);
    header[16] = 2;
    header[18] = 3; // EM_386
    Files.write(world.file("old.sh", ""), header);
    world.program(
        "try", "char *none[] = {\"x\", NULL}; SAY(execv(\"/build/old.sh\", none)); return 0;");
    Result result = world.run("./try");
    assertEquals("ENOEXEC\n", result.out());
    assertEquals(List.of("refused: 32-bit program /build/old.sh"), result.ended().notes());
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/build/old.sh", true));
    assertEquals(Optional.empty(), result.ended().unobserved());
  }

  @Test
  void callsOfTheOtherWordSizeKill() throws Exception {
    world.program("int80", "asm volatile(\"int $0x80\" : : \"a\"(20)); return 0;");
    assertEquals(new Ended.Killed(31), world.run("./int80").ended().exit());
    world.program("x32", "syscall(0x40000000 | SYS_getpid); return 0;");
    assertEquals(new Ended.Killed(31), world.run("./x32").ended().exit());
  }

  @Test
  void ptraceInsideWorks() throws Exception {
    world.program(
        "trace",
        """
        pid_t child = fork();
        if (!child) { ptrace(PTRACE_TRACEME, 0, 0, 0); raise(SIGSTOP); _exit(5); }
        int status;
        waitpid(child, &status, 0);
        MUST(ptrace(PTRACE_CONT, child, 0, 0));
        waitpid(child, &status, 0);
        return WEXITSTATUS(status) != 5;
        """);
    world.run("./trace").good();
  }

  @Test
  void interruptedQuestionsAreAskedAgain() throws Exception {
    world.file("f", "x");
    world.program(
        "storm",
        """
        struct itimerval { struct timeval a, b; } every = {{0, 50}, {0, 50}};
        signal(SIGALRM, (void (*)(int))getpid);
        syscall(SYS_setitimer, 0, &every, NULL);
        for (int i = 0; i < 3000; i++) {
          int fd = open("f", O_RDONLY);
          if (fd < 0) { perror("open"); return 1; }
          close(fd);
        }
        return 0;
        """);
    world.run("./storm").good();
  }

  @Test
  void gccRuns() throws Exception {
    world.file("a.h", "#define X 42\n");
    world.file("a.c", "#include \"a.h\"\n#include <stdio.h>\nint main(void) { return X - 42; }\n");
    Result result = world.run("gcc", "-Inone", "-I.", "a.c", "-o", "a").good();
    assertTrue(Files.isExecutable(world.upper.resolve("a")));
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/build/a.h", true));
    assertTrue(result.asked(Sighting.Kind.CONTENT, "/usr/include/stdio.h", true));
    assertTrue(result.asked(Sighting.Kind.STAT, "/build/none", false));
    assertFalse(result.asked(Sighting.Kind.CONTENT, "/build/a", true));
  }
}
