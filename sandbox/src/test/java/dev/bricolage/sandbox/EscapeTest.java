package dev.bricolage.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways out, each tried and each closed. */
@ParameterizedClass
@EnumSource(User.class)
class EscapeTest {
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

  private String says(String body, String... flags) throws IOException, InterruptedException {
    world.program("try", body + "\nreturn 0;", flags);
    return world.run("./try").good().out();
  }

  @Test
  void writingOutside() throws Exception {
    user.own(Files.writeString(world.data.resolve("f"), "x"));
    assertEquals(
        "EROFS\nEROFS\nEROFS\nEROFS\nEROFS\n",
        says(
            """
            SAY(creat("/escaped", 0644));
            SAY(creat("/usr/escaped", 0644));
            SAY(creat("/data/escaped", 0644));
            SAY(open("/data/f", O_RDWR));
            SAY(mkdir("/dev/escaped", 0755));
            """));
  }

  @Test
  void theHomeDirectoryIsNotThere() throws Exception {
    assertEquals(
        "ENOENT\nENOENT\nENOENT\n",
        says(
            """
            SAY(open("%s", O_RDONLY));
            SAY(open("/root", O_RDONLY));
            SAY(open("/home", O_RDONLY));
            """
                .formatted(System.getProperty("user.home"))));
  }

  @Test
  void dotsAndOldRootsLeadNowhere() throws Exception {
    assertEquals(
        "done\nENOENT\nEACCES\nENOENT\n",
        says(
            """
            SAY(chdir("../../../../../../.."));
            SAY(open("home", O_RDONLY));
            SAY(open("/proc/1/root/home", O_RDONLY));
            SAY(open("/proc/self/root/home", O_RDONLY));
            """));
  }

  @Test
  void mountingAndNamespaces() throws Exception {
    assertEquals(
        "EPERM\n".repeat(12) + "ENOSYS\n" + "done\n",
        says(
            """
            SAY(mount("none", "/tmp", "tmpfs", 0, NULL));
            SAY(umount2("/proc", MNT_DETACH));
            SAY(syscall(SYS_pivot_root, "/tmp", "/tmp"));
            SAY(chroot("/tmp"));
            SAY(syscall(SYS_open_tree, AT_FDCWD, "/", 1));
            SAY(syscall(SYS_move_mount, 0, "", 0, "", 0));
            SAY(syscall(SYS_fsopen, "tmpfs", 0));
            SAY(syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, NULL, 0));
            SAY(unshare(CLONE_NEWUSER));
            SAY(unshare(CLONE_NEWNS | CLONE_FS));
            SAY(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
            SAY(setns(0, 0));
            SAY(syscall(SYS_clone3, NULL, 0));
            SAY(unshare(CLONE_FS | CLONE_FILES));
            """));
  }

  @Test
  void kernelDoors() throws Exception {
    assertEquals(
        "ENOSYS\nENOSYS\nENOSYS\n" + "EPERM\n".repeat(8) + "ENOSYS\n",
        says(
            """
            char room[256];
            SAY(syscall(SYS_io_uring_setup, 8, room));
            SAY(syscall(SYS_io_uring_enter, 3, 1, 0, 0, 0, 0));
            SAY(syscall(SYS_io_uring_register, 3, 0, 0, 0));
            SAY(syscall(SYS_bpf, 0, room, sizeof room));
            SAY(syscall(SYS_perf_event_open, room, 0, -1, -1, 0));
            SAY(syscall(SYS_userfaultfd, 0));
            SAY(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
            SAY(syscall(SYS_open_by_handle_at, 0, room, 0));
            SAY(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", room, room, 0));
            SAY(syscall(SYS_init_module, room, 1, ""));
            SAY(syscall(SYS_fanotify_init, 0, 0));
            SAY(syscall(600, 0));
            """));
  }

  @Test
  void theKernelsSettingsAreReadOnly() throws Exception {
    String before = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
    assertEquals(
        "EROFS\nEROFS\n",
        says("""
        SAY(open("/proc/sys/kernel/core_pattern", O_WRONLY));
        SAY(open("/proc/sys/vm/swappiness", O_WRONLY));
        """)
            .replace("EACCES", "EROFS"));
    assertEquals(before, Files.readString(Path.of("/proc/sys/kernel/core_pattern")));
  }

  @Test
  void capabilitiesAndSetuid() throws Exception {
    Result result =
        world.sh("grep -E 'Cap|NoNewPrivs' /proc/self/status; cat /proc/self/uid_map").good();
    assertEquals(
        """
        CapInh:	0000000000000000
        CapPrm:	0000000000000000
        CapEff:	0000000000000000
        CapBnd:	000001ffffffffff
        CapAmb:	0000000000000000
        NoNewPrivs:	1
        """,
        result.out().replaceFirst("(?m)^ +.*\n", ""));
    assertEquals("EPERM\nEINVAL\n", says("SAY(setgroups(0, NULL)); SAY(setresuid(0, 0, 0));"));
  }

  @Test
  void aSetuidProgramGainsNothing() throws Exception {
    world.program("id", "printf(\"%d %d\\n\", getuid(), geteuid()); return 0;");
    world.sh("true");
    Files.setAttribute(world.lower.resolve("id"), "unix:mode", 0104755);
    assertEquals("1000 1000\n", world.run("./id").good().out());
  }

  @Test
  void processOneCannotBeTouched() throws Exception {
    assertEquals(
        "EPERM\nEACCES\nEACCES\ndone\n",
        says(
            """
            SAY(ptrace(PTRACE_ATTACH, 1, 0, 0));
            SAY(open("/proc/1/mem", O_RDONLY));
            SAY(readlink("/proc/1/root", (char[9]){0}, 9));
            SAY(kill(1, SIGKILL));
            """));
  }

  @Test
  void nothingOutsideIsVisible() throws Exception {
    Result result = world.sh("ls /proc | grep '^[0-9]'; kill -0 %d".formatted(pid()));
    assertFalse(result.out().lines().anyMatch(p -> p.equals(Long.toString(pid()))), result.out());
    assertTrue(result.err().contains("No such process"), result.err());
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  @Test
  void theHostsAbstractSocketsAreElsewhere() throws Exception {
    world.program("listen", "return 0;");
    Path script = world.directory.resolve("server");
    // Java cannot bind an abstract name, so a host process of the test does.
    world.program(
        "server",
        """
        struct sockaddr_un a = {AF_UNIX, "\\0bric-escape-test"};
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        MUST(bind(s, (void *)&a, sizeof a));
        MUST(listen(s, 1));
        puts("ready");
        fflush(stdout);
        getchar();
        return 0;
        """);
    Process server = new ProcessBuilder(world.lower.resolve("server").toString()).start();
    try {
      assertEquals('r', server.getInputStream().read());
      assertEquals(
          "ECONNREFUSED\n",
          says(
              """
              struct sockaddr_un a = {AF_UNIX, "\\0bric-escape-test"};
              SAY(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a));
              """));
    } finally {
      server.destroy();
    }
    assertFalse(Files.exists(script));
  }

  @Test
  void aHostSocketInAReadOnlyMountIsRefused() throws Exception {
    Path socket = world.data.resolve("sock");
    try (java.nio.channels.ServerSocketChannel server =
        java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(java.net.UnixDomainSocketAddress.of(socket));
      Files.setAttribute(socket, "unix:mode", 0777);
      world.program(
          "try",
          """
          struct sockaddr_un a = {AF_UNIX, "/data/sock"};
          SAY(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a));
          return 0;
          """);
      Result result = world.run("./try").good();
      assertEquals("ECONNREFUSED\n", result.out());
      assertEquals(java.util.List.of("refused: host socket /data/sock"), result.ended().notes());
    }
  }

  @Test
  void nothingOutlivesTheCommand() throws Exception {
    String mark = "987" + System.nanoTime() % 100000;
    Result result =
        world.sh("setsid sh -c 'trap \"\" TERM HUP INT; sleep %s' & sleep 0.1".formatted(mark));
    assertEquals(new Ended.Exited(0), result.ended().exit());
    assertEquals(0, ProcessTable.count("sleep", mark));
  }

  @Test
  void systemVSharedMemoryIsItsOwn() throws Exception {
    assertEquals(
        "ENOENT\n",
        says("extern int shmget(int, unsigned long, int); SAY(shmget(0x4272, 10, 0600));"));
  }
}
