package dev.bricolage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code bric doctor}, and the search for a JDK that it and the launcher share. */
@Timeout(120)
final class DoctorTest {
  private Bric bric;

  @BeforeEach
  void open() throws IOException {
    bric = Bric.installed();
  }

  @AfterEach
  void close() throws IOException {
    bric.close();
  }

  private static String line(Bric.Outcome outcome, String check) {
    return outcome
        .stdout()
        .lines()
        .filter(text -> text.length() > 25 && text.substring(6, 25).strip().equals(check))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + check + " in\n" + outcome.stdout()));
  }

  @Test
  void aMachineThatWillDo() throws Exception {
    Bric.Outcome outcome = bric.run("doctor");
    assertEquals("", outcome.stderr());
    assertEquals(0, outcome.status(), outcome.stdout());
    assertEquals(
        "ok    jdk                version 25 in " + System.getProperty("java.home"),
        line(outcome, "jdk").replaceFirst("version \\d+", "version 25"));
    assertEquals(
        "ok    BRIC_HOME          " + bric.home() + " (will be made)", line(outcome, "BRIC_HOME"));
    assertEquals(
        "ok    daemon             not running; the next command starts it",
        line(outcome, "daemon"));
    assertEquals("ok    sandbox recorder   works", line(outcome, "sandbox recorder"));
    assertFalse(Files.exists(bric.home())); // it only looks
  }

  @Test
  void aDaemonThatRuns() throws Exception {
    bric.run("--version");
    long pid = bric.daemon().orElseThrow().pid();
    assertEquals(
        "ok    daemon             pid " + pid + ", log " + bric.home().resolve("daemon.log"),
        line(bric.run("doctor"), "daemon"));
  }

  /** The recorder's memory cannot be made as large as it is to be. */
  @Test
  void noRecorder() throws Exception {
    Bric.Outcome outcome = bric.shell("trap '' XFSZ; ulimit -f 8; \"$BRIC\" doctor");
    assertEquals(0, outcome.status(), outcome.stdout());
    assertEquals(
        "warn  sandbox recorder   Function not implemented; runs are right without it, but slower;"
            + " use Linux 5.14 or later, with the sysctl vm.mmap_min_addr below 1572864, and allow"
            + " files of 64 KiB (ulimit -f)",
        line(outcome, "sandbox recorder"));
  }

  @Test
  void theRecorderTurnedOff() throws Exception {
    bric.with("BRIC_RECORDER", "off");
    assertEquals(
        "ok    sandbox recorder   turned off by BRIC_RECORDER=off",
        line(bric.run("doctor"), "sandbox recorder"));
  }

  @Test
  void noJdk() throws Exception {
    bric.with("JAVA_HOME", "/nowhere").with("BRIC_JVM_DIRS", "/nowhere").with("PATH", "/nowhere");
    Bric.Outcome outcome = bric.run("doctor");
    assertEquals(1, outcome.status());
    assertEquals(
        "fail  jdk                no JDK 25 or later was found (looked in JAVA_HOME, the usual"
            + " folders and PATH); install one, for example Eclipse Temurin 25 or Debian's"
            + " openjdk-25-jdk, or set JAVA_HOME to it",
        line(outcome, "jdk"));
  }

  @Test
  void aHomeThatIsTooLong() throws Exception {
    String home = bric.folder() + "/" + "x".repeat(100);
    bric.with("BRIC_HOME", home);
    Bric.Outcome outcome = bric.run("doctor");
    assertEquals(1, outcome.status());
    assertEquals(
        "fail  path length        "
            + home
            + " has "
            + home.length()
            + " bytes and may have 80, because sockets are made in it; set BRIC_HOME to a shorter"
            + " folder",
        line(outcome, "path length"));
  }

  @Test
  void aHomeOthersCanWriteTo() throws Exception {
    assertEquals(0, bric.shell("mkdir -m 777 \"$BRIC_HOME\"").status());
    Bric.Outcome outcome = bric.run("doctor");
    assertEquals(0, outcome.status());
    assertEquals(
        "warn  BRIC_HOME          " + bric.home() + " can be written by others; chmod go-w it",
        line(outcome, "BRIC_HOME"));
  }

  @Test
  void aHelperThatIsMissing() throws Exception {
    Path dist = Bric.copyDist(bric.folder().resolve("dist"));
    Files.delete(dist.resolve("libexec/bric-helper"));
    Bric.Outcome outcome = Bric.outcome(bric.startFrom(dist, "doctor"));
    assertEquals(1, outcome.status());
    assertTrue(line(outcome, "sandbox").startsWith("fail  sandbox"), outcome.stdout());
  }

  @Test
  void anIncompleteInstallation() throws Exception {
    Path dist = Bric.copyDist(bric.folder().resolve("dist"));
    Files.delete(dist.resolve("build-id"));
    assertEquals(
        new Bric.Outcome(
            70,
            "",
            "bric: the installation is not complete: cannot read "
                + dist
                + "/build-id: No such file or directory; build it again with ./dev build\n"),
        Bric.outcome(bric.startFrom(dist, "doctor")));
  }

  @Test
  void json() throws Exception {
    bric.with("BRIC_JVM_DIRS", "").with("JAVA_HOME", "/a\"b\\c").with("PATH", "/nowhere");
    Bric.Outcome outcome = bric.run("doctor", "--json");
    JsonArray checks = JsonParser.parseString(outcome.stdout()).getAsJsonArray();
    assertTrue(checks.size() >= 10, outcome.stdout());
    for (JsonElement check : checks) {
      assertTrue(
          List.of("ok", "warn", "fail")
              .contains(check.getAsJsonObject().get("status").getAsString()));
      assertFalse(check.getAsJsonObject().get("detail").getAsString().isEmpty());
    }
    assertEquals(1, outcome.status());
  }

  @Test
  void unknownWords() throws Exception {
    Bric.Outcome outcome = bric.run("doctor", "--fix");
    assertEquals(64, outcome.status());
    assertTrue(
        outcome.stderr().startsWith("bric: doctor: unknown argument '--fix'\nUsage: bric doctor"),
        outcome.stderr());
    assertTrue(bric.run("doctor", "--help").stdout().startsWith("Usage: bric doctor [--json]\n"));
  }

  private Path fakeJdk(String name, String version) throws IOException {
    Path jdk = Files.createDirectories(bric.folder().resolve(name));
    Files.createDirectories(jdk.resolve("bin"));
    Files.copy(bric.program(), jdk.resolve("bin/java"));
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\nOS=\"L\"\n");
    return jdk;
  }

  private String found() throws Exception {
    return bric.shell("\"${BRIC%/bin/bric}\"/libexec/find-jdk").stdout();
  }

  @Test
  void theSearchPrefersJavaHome() throws Exception {
    Path mine = fakeJdk("mine", "26-ea");
    Path usual = fakeJdk("jvm/temurin-25", "25.0.1");
    Path old = fakeJdk("jvm/jdk-8", "1.8.0_402");
    bric.with("BRIC_JVM_DIRS", bric.folder() + "/jvm").with("JAVA_HOME", mine.toString());
    assertEquals(mine + "/bin/java\n", found());
    bric.with("JAVA_HOME", old.toString());
    assertEquals(usual + "/bin/java\n", found());
    bric.without("JAVA_HOME");
    assertEquals(usual + "/bin/java\n", found());
  }

  @Test
  void theSearchLooksOnPathLast() throws Exception {
    Path elsewhere = fakeJdk("elsewhere", "25");
    Path bin = Files.createDirectory(bric.folder().resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), elsewhere.resolve("bin/java"));
    bric.without("JAVA_HOME").with("BRIC_JVM_DIRS", "").with("PATH", bin + ":/usr/bin:/bin");
    assertEquals(elsewhere + "/bin/java\n", found());
  }
}
