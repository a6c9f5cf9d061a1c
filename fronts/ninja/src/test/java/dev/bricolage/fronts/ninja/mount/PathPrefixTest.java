package dev.bricolage.fronts.ninja.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PathPrefixTest {
  private static final Mount MOUNT = Mount.shared(Path.of("/home/a/proj"));

  /** In each, @ stands for what is replaced. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@",
        "cc -c @/src/a.c -o a.o",
        "cd @/b && cp @/x .; ls @",
        "cc -I@/inc -isystem @/sys -L@ -Wl,-Map,@/map",
        "cc -fdebug-prefix-map=@=. @/a.c",
        "sh -c \"cat '@/my file' \\\"@\\\"\" >@/out 2>&1",
        "cat @/a|tee '@' \"@\"",
        "PATH=@/bin:@:/usr/bin make",
        "cp @/a/../b/./c @//d",
        "(ls @)",
      })
  void aPathIsReplaced(String pattern) {
    assertEquals(
        pattern.replace("@", "/build"), MOUNT.inside(pattern.replace("@", "/home/a/proj")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat /home/a/proj2/x /home/a/proj-old /home/a/proj.c /home/a/proj\\ x",
        "cp x stage/home/a/proj/y",
        "cp x /stage/home/a/proj/y //home/a/proj",
        "cat '/home/a/proj'x",
        "cat /home/a/proj/../other /home/a/proj/b/../../c",
        "cc '-DDATA=\"/home/a/proj/data\"' -DX=/home/a/proj -D Y=/home/a/proj x.c",
        "cc -Wl,-rpath,/home/a/proj/b:/home/a/proj/c -rpath /home/a/proj x.o",
        "cat /home/a/projé",
        "",
      })
  void whatIsOrMayBeSomethingElseStays(String command) {
    assertEquals(command, MOUNT.inside(command));
  }

  @Test
  void onlyTheWordsThatAreBakedInStay() {
    assertEquals(
        "cc /build/x.o -Wl,-rpath,/home/a/proj/b -o /build/y",
        MOUNT.inside("cc /home/a/proj/x.o -Wl,-rpath,/home/a/proj/b -o /home/a/proj/y"));
  }

  @Test
  void whatIsSaidNamesTheCheckout() {
    assertEquals(
        "/home/a/proj/x.c:1: é in '/home/a/proj' of /builder, /x/build/y",
        told("/build/x.c:1: é in '/build' of /builder, /x/build/y"));
    assertEquals("nothing", told("nothing"));
  }

  private static String told(String text) {
    return new String(MOUNT.told(text.getBytes(UTF_8)), UTF_8);
  }

  @Test
  void aDepfileKeepsItsSigns() {
    Mount blank = Mount.shared(Path.of("/home/my proj#1$"));
    assertEquals(
        "a.o: /home/my\\ proj\\#1$$/a.c \\\n /home/my\\ proj\\#1$$/my\\ b.h /usr/x.h\n",
        new String(
            blank.depfile("a.o: /build/a.c \\\n /build/my\\ b.h /usr/x.h\n".getBytes(UTF_8)),
            UTF_8));
  }

  @Test
  void aPathComesHome() {
    assertEquals("/home/a/proj", MOUNT.home("/build"));
    assertEquals("/home/a/proj/x", MOUNT.home("/build/x"));
    assertEquals("/builder/x", MOUNT.home("/builder/x"));
    assertEquals("x", MOUNT.home("x"));
  }

  @Test
  void ninjasOwnWayChangesNothing() {
    Mount own = Mount.own(Path.of("/home/a/proj"));
    assertEquals("/home/a/proj", own.at());
    assertEquals(Optional.empty(), own.alias());
    assertEquals("cat /home/a/proj/x", own.inside("cat /home/a/proj/x"));
    assertEquals("/build/x", own.home("/build/x"));
  }

  @Test
  void notEveryCheckoutCanBeSeenElsewhere() {
    assertEquals(Optional.of("/opt is the machine's"), Mount.hindrance(Path.of("/opt/x")));
    assertEquals(
        Optional.of("/build is where it would appear"), Mount.hindrance(Path.of("/build/x")));
    assertEquals(Optional.empty(), Mount.hindrance(Path.of("/build")));
    assertEquals(Optional.empty(), Mount.hindrance(Path.of("/tmp/x")));
  }
}
