package dev.bricolage.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MachineTest {
  private static void fits(String path) {
    assertEquals(Optional.empty(), Machine.cannotHoldWorkspace(path));
  }

  private static void doesNot(String path, String why) {
    assertEquals(Optional.of(why), Machine.cannotHoldWorkspace(path), path);
  }

  @Test
  void aWorkspaceStandsWhereNothingElseIs() {
    fits("/build");
    fits("/home/me/it");
    fits("/home/bric/it");
    fits("/tmp/a");
    fits("/usrlocal");
    doesNot("", "it is not absolute");
    doesNot("build", "it is not absolute");
    doesNot("/a\0b", "it is not absolute");
    for (String path : new String[] {"/", "/build/", "//build", "/a/../b", "/a/./b", "/.."}) {
      doesNot(path, "it is not normal");
    }
    doesNot("/usr", "/usr is the machine's");
    doesNot("/etc/hosts", "/etc is the machine's");
    doesNot("/proc/self", "/proc is the machine's");
    doesNot("/dev/shm", "/dev is the machine's");
    doesNot("/tmp", "/tmp is the command's own");
    doesNot("/home", "/home/bric is the command's own");
    doesNot("/var", "/var/tmp is the command's own");
  }
}
