package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kernel that lacks a call, or a container that forbids it, played by a seccomp filter over
 * client and daemon: either all is right, or nothing runs and it is said why.
 */
@Timeout(180)
final class OldKernelTest {
  private static final String WITHOUT =
      """
      #include <errno.h>
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <stddef.h>
      #include <string.h>
      #include <sys/prctl.h>
      #include <sys/syscall.h>
      #include <unistd.h>

      /* A call, and the bits of one of its arguments by which it is known. */
      static const struct {
        const char *name;
        unsigned call, argument, bits, equal, error;
      } LACKING[] = {
          {"notify", SYS_seccomp, 1, 8, 8, EINVAL},
          {"killable", SYS_seccomp, 1, 32, 32, EINVAL},
          {"addfd", SYS_ioctl, 1, ~0u, 0x40182103, EINVAL},
          {"wake", SYS_ioctl, 1, ~0u, 0x40082104, EINVAL},
          {"ends", SYS_ioctl, 1, 0xffff, 0xff0b, ENOTTY},
          {"pidfd_open", SYS_pidfd_open, 0, 0, 0, ENOSYS},
          {"openat2", SYS_openat2, 0, 0, 0, ENOSYS},
          {"open_tree", SYS_open_tree, 0, 0, 0, ENOSYS},
          {"move_mount", SYS_move_mount, 0, 0, 0, ENOSYS},
          {"mount_setattr", SYS_mount_setattr, 0, 0, 0, ENOSYS},
          {"close_range", SYS_close_range, 0, 0, 0, ENOSYS},
          {"memfd_create", SYS_memfd_create, 0, 0, 0, ENOSYS},
          {"process_vm_readv", SYS_process_vm_readv, 0, 0, 0, ENOSYS},
      };

      int main(int argc, char **argv) {
        for (unsigned i = 0; argc > 2 && i < sizeof LACKING / sizeof *LACKING; i++) {
          if (strcmp(argv[1], LACKING[i].name) != 0)
            continue;
          unsigned argument = offsetof(struct seccomp_data, args) + 8 * LACKING[i].argument;
          struct sock_filter code[] = {
              BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
              BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LACKING[i].call, 0, 4),
              BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument),
              BPF_STMT(BPF_ALU | BPF_AND | BPF_K, LACKING[i].bits),
              BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LACKING[i].equal, 0, 1),
              BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | LACKING[i].error),
              BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
          };
          struct sock_fprog program = {sizeof code / sizeof *code, code};
          if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
            execvp(argv[2], argv + 2);
        }
        return 99;
      }
      """;

  private static final String BUILD = "cc -E -P a.c > out && ls none* 2> /dev/null; cat out";

  private Installation bric;
  private Checkout checkout;
  private Path without;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout = bric.checkout().write("a.c", "one\n");
    Path folder = bric.folder("old");
    without = folder.resolve("without");
    Files.writeString(folder.resolve("without.c"), WITHOUT);
    Host.succeeds(folder, "cc", "-Wall", "-Werror", "-o", "without", "without.c");
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private Bric.Outcome bric(String call, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(without.toString(), call));
    command.addAll(List.of("env", "-C", checkout.root().toString()));
    command.add(bric.bric().program().toString());
    command.addAll(List.of(words));
    return Bric.outcome(bric.bric().start(command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"killable", "addfd", "wake", "ends", "close_range"})
  void withoutItAllIsRight(String call) throws Exception {
    for (String text : List.of("one", "two", "one")) {
      checkout.write("a.c", text + "\n");
      for (int again = 0; again < 2; again++) {
        Bric.Outcome outcome = bric(call, "run", "--", "sh", "-c", BUILD);
        assertEquals(0, outcome.status(), outcome::toString);
        assertEquals(text + "\n", outcome.stdout());
        assertEquals(text + "\n", checkout.read("out"));
      }
    }
    assertEquals(2, bric.count("ran", List.of(checkout)));
    assertEquals(4, bric.count("remembered", List.of(checkout)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify", "openat2", "open_tree", "move_mount", "mount_setattr"})
  void withoutItNothingRuns(String call) throws Exception {
    Bric.Outcome outcome = bric(call, "run", "--", "sh", "-c", BUILD);
    assertEquals(71, outcome.status(), outcome::toString);
    assertEquals("", outcome.stdout());
    assertTrue(
        outcome.stderr().matches("bric: cannot .*(Function not implemented|Invalid argument).*\n"),
        outcome::toString);
    Bric.Outcome doctor = bric(call, "doctor");
    assertEquals(1, doctor.status(), doctor::toString);
    String check = call.equals("notify") ? "seccomp-notification" : "mounts";
    assertTrue(doctor.stdout().contains("fail  sandbox " + check), doctor::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "process_vm_readv, cannot read the memory of a process: Function not implemented",
    "pidfd_open, of a tool: the tool could not be started",
    "memfd_create, of a tool: the tool could not be started"
  })
  void withoutItNothingIsRemembered(String call, String why) throws Exception {
    for (int again = 0; again < 2; again++) {
      Bric.Outcome outcome = bric(call, "run", "--", "sh", "-c", "cc -E -P a.c; cat a.c");
      assertEquals("one\n", outcome.stdout(), outcome::toString);
      assertTrue(outcome.stderr().endsWith("not remembered: " + why + "\n"), outcome::toString);
    }
    assertTrue(bric(call, "doctor").stdout().contains("fail  sandbox processes"), "doctor");
  }
}
