package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Plan PLAN =
      Plan.command(List.of("cc", "a b.c"))
          .mount(new MountOp.BindReadOnly("/usr", "/usr"))
          .mount(new MountOp.Overlay(List.of("/l1", "/l2"), "/u", "/w", "/build"))
          .mount(new MountOp.File("/etc/hosts", "x\0".getBytes(UTF_8), 0644))
          .mount(new MountOp.Symlink("usr/lib", "/lib"))
          .mount(new MountOp.Tmpfs("/tmp", 01777))
          .mount(new MountOp.Dir("/dev", 0755))
          .mount(new MountOp.BindWritable("/dev/null", "/dev/null"))
          .mount(new MountOp.Proc("/proc"))
          .env("LANG", "C")
          .env("A", "ü")
          .limit(Limit.of(Limit.Resource.CORE_BYTES, 0))
          .watch("/usr", "/build")
          .cwd("/build")
          .memoryBytes(4096)
          .build();

  @Test
  void aPlanReadsAsAList() {
    assertEquals(
        """
        bind-ro /usr -> /usr
        overlay /l1:/l2 + /u -> /build
        file /etc/hosts 644 2 bytes
        symlink /lib -> usr/lib
        tmpfs /tmp 1777
        dir /dev 755
        bind-rw /dev/null -> /dev/null
        proc /proc
        watch /usr
        watch /build
        Limit[resource=CORE_BYTES, soft=OptionalLong[0], hard=OptionalLong[0]]
        env A=ü
        env LANG=C
        as 1000:1000 on bricolage, umask 22
        run in /build: [cc, a b.c]
        """,
        PLAN.toString());
  }

  @Test
  void aPlansBytesAreThoseOfTheFormat() {
    Bytes expected =
        new Bytes()
            .op(3, "/usr", "/usr")
            .op(7, "/l1\0/l2", "/u", "/w", "/build")
            .op(5, "/etc/hosts", "x\0", "644")
            .op(6, "usr/lib", "/lib")
            .op(2, "/tmp", "1777")
            .op(1, "/dev", "755")
            .op(4, "/dev/null", "/dev/null")
            .op(8, "/proc")
            .op(32, "bricolage")
            .op(33, "1000", "1000")
            .op(34, "/build")
            .op(35, "cc")
            .op(35, "a b.c")
            .op(36, "A=ü")
            .op(36, "LANG=C")
            .op(37, "22")
            .op(38, "4", "0", "0")
            .op(39, "/usr")
            .op(39, "/build")
            .op(40, "1")
            .op(43, "1")
            .op(41, "4096")
            .op(127);
    assertArrayEquals(expected.out.toByteArray(), PLAN.encode());
  }

  private static final class Bytes {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes op(int code, String... arguments) {
      out.write(code);
      for (String argument : arguments) {
        byte[] bytes = argument.getBytes(UTF_8);
        out.writeBytes(new byte[] {(byte) bytes.length, 0, 0, 0});
        out.writeBytes(bytes);
      }
      return this;
    }
  }

  @Test
  void relativePathsAreRefused() {
    var bind =
        assertThrows(IllegalArgumentException.class, () -> new MountOp.BindReadOnly("usr", "/usr"));
    assertEquals("a plan's path must be absolute, not `usr`", bind.getMessage());
    var cwd =
        assertThrows(
            IllegalArgumentException.class, () -> Plan.command(List.of("x")).cwd(".").build());
    assertEquals("a plan's working directory must be absolute, not `.`", cwd.getMessage());
  }

  @Test
  void aPlanWithoutACommandIsRefused() {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> Plan.command(List.of()).build());
    assertEquals("a plan needs a command: argv is empty", thrown.getMessage());
  }

  @Test
  void filesAreComparedByContent() {
    assertEquals(
        new MountOp.File("/f", new byte[] {1}, 0600), new MountOp.File("/f", new byte[] {1}, 0600));
  }
}
