package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A command tries to get out, for whoever runs it. */
@Timeout(60)
@ParameterizedClass
@EnumSource(User.class)
@SuppressWarnings("NullAway.Init") // open() is called before each turn of the class
final class EscapeTest {
  /** Tries one thing a word, and says what came of it. */
  private static final String TRIES =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <netinet/in.h>
      #include <sched.h>
      #include <stddef.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/mount.h>
      #include <sys/ptrace.h>
      #include <sys/socket.h>
      #include <sys/syscall.h>
      #include <sys/un.h>
      #include <unistd.h>

      static int tcp(const char *port) {
        struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
        there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&there, sizeof there);
      }

      static int local(const char *name, int abstract) {
        struct sockaddr_un there = {.sun_family = AF_UNIX};
        strcpy(there.sun_path + abstract, name);
        socklen_t size = offsetof(struct sockaddr_un, sun_path) + abstract + strlen(name);
        return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&there, size);
      }

      static int try(const char *what, const char *with) {
        if (!strcmp(what, "tcp")) return tcp(with);
        if (!strcmp(what, "abstract")) return local(with, 1);
        if (!strcmp(what, "socket")) return local(with, 0);
        if (!strcmp(what, "ptrace")) return ptrace(PTRACE_ATTACH, atoi(with), 0, 0);
        if (!strcmp(what, "kill")) return syscall(SYS_kill, atoi(with), 0);
        if (!strcmp(what, "mount")) return mount("none", with, "tmpfs", 0, 0);
        if (!strcmp(what, "remount")) return mount(0, with, 0, MS_REMOUNT | MS_BIND, 0);
        if (!strcmp(what, "umount")) return umount2(with, MNT_DETACH);
        if (!strcmp(what, "chroot")) return chroot(with);
        if (!strcmp(what, "mount-namespace")) return unshare(CLONE_NEWNS);
        if (!strcmp(what, "user-namespace")) return unshare(CLONE_NEWUSER);
        if (!strcmp(what, "setuid")) return setuid(0);
        return 99;
      }

      int main(int count, char **words) {
        for (int i = 1; i + 1 < count; i += 2) {
          int result = try(words[i], words[i + 1]);
          printf("%s %s\\n", words[i], result == 0 ? "WORKED" : strerror(errno));
        }
        return 0;
      }
      """;

  private static Installation bric;
  private static Path tries;

  @Parameter User user = User.CALLER;

  @BeforeParameterizedClassInvocation
  static void open(User user) throws Exception {
    Assumptions.assumeTrue(user.isPossible());
    bric = Installation.of(user);
    Path folder = Files.createDirectory(bric.bric().folder().resolve("tries"));
    Files.writeString(folder.resolve("tries.c"), TRIES);
    Host.succeeds(folder, "gcc", "-O1", "-static", "-w", "-o", "tries", "tries.c");
    tries = folder.resolve("tries");
  }

  @AfterParameterizedClassInvocation
  static void close() throws Exception {
    bric.close();
  }

  private static Checkout checkout() throws Exception {
    Checkout checkout = bric.checkout();
    checkout.installation().user().own(Files.copy(tries, checkout.root().resolve("tries")));
    return checkout;
  }

  @Test
  void writingOutside() throws Exception {
    checkout()
        .run(
            """
            for f in / /usr/ /usr/local/ /etc/ /opt/ /dev/ /proc/ /lib/; do
              touch ${f}bric-escaped 2>/dev/null && echo WROTE $f
            done
            echo x 2>/dev/null >> /etc/passwd && echo WROTE passwd
            rm -f /bin/sh 2>/dev/null && echo REMOVED
            chmod 777 /usr 2>/dev/null && echo CHANGED
            echo tried
            """)
        .exits(0)
        .prints("tried\n");
    assertFalse(Files.exists(Path.of("/usr/bric-escaped")));
    assertFalse(Files.exists(Path.of("/bric-escaped")));
  }

  @Test
  void theTemporaryFolderIsPrivate() throws Exception {
    Path host = Files.createTempFile("bric-escape", "");
    try {
      checkout()
          .run("ls -A /tmp /var/tmp /dev/shm; touch /tmp/bric-escaped /dev/shm/bric-escaped")
          .exits(0)
          .prints("/dev/shm:\n\n/tmp:\n\n/var/tmp:\n");
      assertFalse(Files.exists(Path.of("/tmp/bric-escaped")));
      assertFalse(Files.exists(Path.of("/dev/shm/bric-escaped")));
    } finally {
      Files.delete(host);
    }
  }

  @Test
  void homeFoldersAndTheRestOfTheMachine() throws Exception {
    checkout()
        .run("ls -A /home /root 2>&1; echo ~; ls -A ~; ls -d /var/log /mnt /srv /run /sys 2>&1")
        .exits(2)
        .prints(
            """
            ls: cannot access '/root': No such file or directory
            /home:
            bric
            /home/bric
            ls: cannot access '/var/log': No such file or directory
            ls: cannot access '/mnt': No such file or directory
            ls: cannot access '/srv': No such file or directory
            ls: cannot access '/run': No such file or directory
            ls: cannot access '/sys': No such file or directory
            """);
  }

  @Test
  void secretsOfTheMachine() throws Exception {
    checkout()
        .run("cat /etc/shadow /etc/sudoers; ls -A /etc/ssh /etc/ssl/private 2>/dev/null | grep key")
        .exits(1)
        .prints("");
  }

  @Test
  void theWorkspacesOwnPathAndTheStore() throws Exception {
    Checkout checkout = checkout();
    checkout.run("ls " + checkout.root() + " " + bric.home() + " 2>/dev/null").exits(2).prints("");
  }

  @Test
  void theNetwork() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(1);
      int port = listener.getLocalPort();
      checkout().run("./tries tcp " + port).prints("tcp Connection refused\n");
      assertThrows(SocketTimeoutException.class, listener::accept, "somebody came through");
    }
    checkout().run("tail -n +3 /proc/net/dev | cut -d: -f1").exits(0).prints("    lo\n");
  }

  @Test
  void abstractSocketsOfTheHost() throws Exception {
    // The JDK makes no abstract sockets.
    Process listener =
        new ProcessBuilder(
                "perl",
                "-MSocket",
                "-e",
                "socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un(qq(\\0bric-abstract)))"
                    + " or die; listen(S, 5); $| = 1; print qq(up\\n); sleep 60")
            .start();
    try {
      assertEquals('u', listener.getInputStream().read());
      checkout().run("./tries abstract bric-abstract").prints("abstract Connection refused\n");
    } finally {
      listener.destroyForcibly();
    }
  }

  @Test
  void socketsOfTheHostInAFolderThatIsShown() throws Exception {
    Path folder = bric.folder(bric.unique("sockets"));
    Path socket = folder.resolve("s");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
      Answer answer = checkout().run(List.of("--ro", "" + folder), "./tries socket " + socket);
      assertTrue(!answer.outcome().stdout().contains("WORKED"), answer::toString);
    }
  }

  @Test
  void aBackgroundProcessIsGone() throws Exception {
    checkout()
        .run("setsid sleep 4321.25 > /dev/null 2>&1 < /dev/null & nohup sleep 4321.25 & echo left")
        .exits(0)
        .prints("left\n");
    assertTrue(Host.isRidOf("4321.25"), "a process outlived its run");
  }

  @Test
  void processesOfTheHost() throws Exception {
    long self = ProcessHandle.current().pid();
    Answer answer =
        checkout()
            .run("./tries ptrace %d kill %d; ls /proc | grep -c '^[0-9]'".formatted(self, self));
    String out = answer.outcome().stdout();
    assertFalse(out.contains("WORKED"), out);
    assertTrue(Integer.parseInt(out.lines().toList().getLast()) < 10, out);
  }

  @Test
  void mountingAndNamespaces() throws Exception {
    checkout()
        .run(
            "./tries mount /build remount /usr umount /usr chroot /tmp mount-namespace -"
                + " user-namespace - setuid 0")
        .exits(0)
        .prints(
            """
            mount Operation not permitted
            remount Operation not permitted
            umount Operation not permitted
            chroot Operation not permitted
            mount-namespace Operation not permitted
            user-namespace Operation not permitted
            setuid Invalid argument
            """);
  }

  @Test
  void setuidProgramsGainNothing() throws Exception {
    checkout()
        .run(
            """
            grep NoNewPrivs /proc/self/status
            grep CapEff /proc/self/status
            su -c true root < /dev/null 2>/dev/null && echo GAINED
            id -u
            """)
        .exits(0)
        .prints("NoNewPrivs:\t1\nCapEff:\t0000000000000000\n1000\n");
  }

  @Test
  void aSetuidBitDoesNotComeHome() throws Exception {
    Checkout checkout = checkout();
    checkout.run("cp tries t; chmod 4755 t || true").exits(0);
    assertEquals("755\n", Host.succeeds(checkout.root(), "stat", "-c", "%a", "t"));
  }

  @Test
  void aLinkOutOfTheWorkspaceInTheWay() throws Exception {
    Path outside = bric.folder(bric.unique("outside"));
    Checkout checkout = checkout().write(".gitignore", "out\n").git(".gitignore");
    checkout.link("out", outside.toString());
    refuses(checkout);
    refuses(checkout); // nor does what is remembered go there
    assertEquals(0, outside.toFile().list().length);
  }

  private static void refuses(Checkout checkout) throws Exception {
    Answer answer = checkout.run("mkdir out; echo x > out/f; echo done").exits(73);
    assertEquals("done\n", answer.outcome().stdout());
    assertEquals(
        "bric: cannot write into "
            + checkout.root().resolve("out")
            + ": it is a link here; move it out of the way\n",
        answer.outcome().stderr());
  }

  @Test
  void aFileThroughALinkOutOfTheWorkspace() throws Exception {
    Path outside = bric.folder(bric.unique("outside")).resolve("f");
    bric.user().own(Files.writeString(outside, "precious"));
    Checkout checkout = checkout().write(".gitignore", "out\n").git(".gitignore");
    checkout.link("out", outside.toString());
    Answer answer = checkout.run("echo x > out").exits(0);
    assertEquals("x\n", checkout.read("out"));
    assertEquals(List.of("out was replaced; it was a link to " + outside), answer.notes());
    assertFalse(Files.isSymbolicLink(checkout.root().resolve("out")));
    assertEquals("precious", Files.readString(outside));
  }

  @Test
  void linksThatLeadOutDoNotComeHome() throws Exception {
    Checkout checkout = checkout();
    Answer answer = checkout.run("ln -s ../../x up; ln -s /tmp/x tmp; ln -s tries in").exits(0);
    assertEquals(
        List.of(
            "not written: tmp, a link to /tmp/x, which leads out of the workspace",
            "not written: up, a link to ../../x, which leads out of the workspace"),
        answer.notes());
    assertFalse(checkout.has("up"));
    assertFalse(checkout.has("tmp"));
    assertTrue(checkout.has("in"));
  }

  @Test
  void aLinkInTheSourcesThatLeadsOut() throws Exception {
    Path secret = bric.folder(bric.unique("outside")).resolve("secret");
    Files.writeString(secret, "secret");
    Checkout checkout = checkout().link("l", secret.toString());
    checkout.run("cat l 2>/dev/null || echo absent; echo x > l").exits(2).prints("absent\n");
    assertEquals("secret", Files.readString(secret));
  }
}
