package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import dev.bricolage.execute.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * A client that we did not write against {@code bric serve}. Two output bases stand for two
 * machines: what one of them did the other finds. Each test builds targets of its own, so their
 * order does not matter.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BazelTest {
  /** More would show no more, and take longer than a suite may; the bench builds 2,000. */
  private static final int MANY = 500;

  private static final int LARGE_BYTES = 200_000_000;

  private Bric bric;
  private Path workspace;
  private Server server;
  private Bazel here;
  private Bazel there;

  /** {@code bric serve} at a port. */
  private record Server(Process process, BufferedReader said, int port) implements AutoCloseable {
    static Server start(Bric bric, String... words) throws IOException {
      List<String> all = new ArrayList<>(List.of("serve", "--jobs", "4"));
      all.addAll(List.of(words));
      Process process = bric.start(all.toArray(String[]::new));
      BufferedReader said = process.errorReader();
      String line = said.readLine();
      String start = "bric: serving the Remote Execution API at 127.0.0.1:";
      assertTrue(line != null && line.startsWith(start), () -> "no server: " + line);
      return new Server(process, said, Integer.parseInt(line.substring(start.length())));
    }

    String address() {
      return "grpc://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
      process.destroy();
      said.close();
    }
  }

  @BeforeAll
  void open() throws Exception {
    bric = Bric.installed();
    workspace = Files.createDirectory(bric.folder().resolve("trial"));
    layOut();
    server = Server.start(bric, "--listen", "127.0.0.1:0", "--allow-updates");
    here = new Bazel(workspace, bric.folder().resolve("here"));
    there = new Bazel(workspace, bric.folder().resolve("there"));
  }

  @AfterAll
  void close() throws Exception {
    here.end();
    there.end();
    server.close();
    // Bazel takes the right to write from what it made.
    Bric.outcome(new ProcessBuilder("chmod", "-R", "u+w", bric.folder().toString()).start());
    bric.close();
  }

  private void layOut() throws IOException {
    file("WORKSPACE", "workspace(name = 'trial')\n");
    file("name.txt", "bricolage\n");
    file(
        "rules.bzl",
        """
        def many(count, prefix, cmd):
            for i in range(count):
                native.genrule(
                    name = prefix + str(i),
                    outs = [prefix + str(i) + ".txt"],
                    cmd = cmd + "; echo %s %d > $@" % (prefix, i),
                )

        # sh_test would have cc toolchains for Windows fetched from outside.
        def _script_test(ctx):
            script = ctx.actions.declare_file(ctx.label.name + ".sh")
            ctx.actions.write(script, "#!/bin/sh\\n" + ctx.attr.script, is_executable = True)
            return [DefaultInfo(executable = script, runfiles = ctx.runfiles(ctx.files.data))]

        script_test = rule(
            _script_test,
            attrs = {"script": attr.string(), "data": attr.label_list(allow_files = True)},
            test = True,
        )
        """);
    file(
        "BUILD",
        """
        load(":rules.bzl", "script_test")
        genrule(name = "greet", srcs = ["name.txt"], outs = ["greet.txt"],
                cmd = "echo hello $$(cat $<) > $@")
        genrule(name = "local", srcs = ["name.txt"], outs = ["local.txt"],
                cmd = "echo local $$(cat $<) > $@")
        genrule(name = "below", srcs = ["name.txt"], outs = ["below.txt"],
                cmd = "for i in $$(seq 9999); do echo $$i; done > $@")
        genrule(name = "above", srcs = ["below.txt"], outs = ["above.txt"],
                cmd = "tac $< > $@")
        genrule(name = "fails", outs = ["none"], cmd = "echo the reason >&2; exit 3")
        genrule(name = "secret", outs = ["secret.txt"], cmd = "echo told > $@")
        genrule(name = "large", srcs = ["large.in"], outs = ["large.out"],
                cmd = "tail -c +2 $< > $@")
        script_test(name = "passes", script = "cat greet.txt", data = ["greet.txt"])
        script_test(name = "sleeps", script = "echo before; sleep 300")
        genrule(name = "elsewhere", outs = ["elsewhere.txt"], cmd = "pwd > $@",
                exec_properties = {"bric-machine": "MACHINE", "workspace": "/home/me/it"})
        genrule(name = "covers", outs = ["covers.txt"], cmd = "pwd > $@",
                exec_properties = {"bric-machine": "MACHINE", "workspace": "/usr/../etc"})
        genrule(name = "other", outs = ["other.txt"], cmd = "pwd > $@",
                exec_properties = {"bric-machine": "MACHINE", "read-only": "/opt/mine"})
        """
            .replace("MACHINE", Machine.VERSION));
    file("many/BUILD", "load('//:rules.bzl', 'many')\nmany(%d, 'm', ':')\n".formatted(MANY));
    file("killed/BUILD", "load('//:rules.bzl', 'many')\nmany(24, 'k', 'sleep 0.2')\n");
    file("no-coverage-tools/WORKSPACE", "");
    file(
        "no-coverage-tools/BUILD",
        """
        package(default_visibility = ["//visibility:public"])
        filegroup(name = "coverage_report_generator")
        filegroup(name = "lcov_merger")
        """);
  }

  private void file(String name, String text) throws IOException {
    Path file = workspace.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String executor() {
    return "--remote_executor=" + server.address();
  }

  private static void built(String how, Bazel.Ended ended) {
    assertEquals(0, ended.status(), ended::said);
    assertTrue(ended.said().contains(how), ended::said);
  }

  private static void failed(int status, String why, Bazel.Ended ended) {
    assertEquals(status, ended.status(), ended::said);
    assertTrue(ended.said().contains(why), ended::said);
  }

  @Test
  void whatOneRanIsThereForTheOther() throws Exception {
    built("1 remote.", here.run("build", executor(), "//:greet"));
    assertEquals("hello bricolage\n", Files.readString(here.made("greet.txt")));
    built("1 remote cache hit", there.run("build", executor(), "//:greet"));
    assertEquals("hello bricolage\n", Files.readString(there.made("greet.txt")));
  }

  @Test
  void whatBazelRanItselfIsThereForTheOther() throws Exception {
    String cache = "--remote_cache=" + server.address();
    built("1 local.", here.run("build", cache, "--spawn_strategy=local", "//:local"));
    built("1 remote cache hit", there.run("build", cache, "--spawn_strategy=local", "//:local"));
    assertEquals("local bricolage\n", Files.readString(there.made("local.txt")));
  }

  @Test
  void nothingIsBroughtThatNobodyWants() throws Exception {
    Path calls = bric.folder().resolve("calls");
    String log = "--experimental_remote_grpc_log=" + calls;
    built("2 remote.", here.run("build", executor(), log, "--remote_download_minimal", "//:above"));
    assertFalse(Files.exists(here.made("above.txt")));
    assertFalse(Files.exists(here.made("below.txt")));
    String noted = Files.readString(calls, StandardCharsets.ISO_8859_1);
    assertTrue(noted.contains("build.bazel.remote.execution.v2.Execution/Execute"));
    assertFalse(noted.contains("google.bytestream.ByteStream/Read"));
    built("2 remote cache hit", there.run("build", executor(), log, "//:above"));
    assertTrue(Files.readString(there.made("above.txt")).startsWith("9999\n9998\n"));
    assertTrue(
        Files.readString(calls, StandardCharsets.ISO_8859_1)
            .contains("google.bytestream.ByteStream/Read"));
  }

  @Test
  void aFailureSaysWhy() throws Exception {
    for (int i = 0; i < 2; i++) { // and is not remembered
      failed(1, "the reason\n", here.run("build", executor(), "//:fails"));
    }
  }

  /** In this Bazel only tests can have a time limit. */
  @Test
  void whatTakesTooLongIsEnded() throws Exception {
    Bazel.Ended ended =
        here.run("test", executor(), "--test_timeout=1", "--test_output=errors", "//:sleeps");
    failed(3, "TIMEOUT in", ended);
    assertTrue(ended.said().contains("before\n"), ended::said);
  }

  /** A house like ours says where its workspace is, and only where nothing else is. */
  @Test
  void theWorkspaceStandsWhereItIsWanted() throws Exception {
    built("1 remote.", here.run("build", executor(), "//:elsewhere"));
    assertEquals("/home/me/it\n", Files.readString(here.made("elsewhere.txt")));
    failed(
        34,
        "the workspace cannot appear at '/usr/../etc': it is not normal",
        here.run("build", executor(), "//:covers"));
    failed(
        34, "no machine here has read-only=/opt/mine", here.run("build", executor(), "//:other"));
  }

  @Test
  void testsRunToo() throws Exception {
    built("PASSED", here.run("test", executor(), "//:passes"));
    built("(cached) PASSED", there.run("test", executor(), "//:passes"));
  }

  @Test
  void aLargeBlobUpAndDown() throws Exception {
    Path large = workspace.resolve("large.in");
    byte[] piece = new byte[LARGE_BYTES / 100];
    Random random = new Random(7);
    try (OutputStream out = Files.newOutputStream(large)) {
      for (int i = 0; i < 100; i++) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
    built("1 remote.", here.run("build", executor(), "//:large"));
    Path made = here.made("large.out");
    assertEquals(LARGE_BYTES - 1, Files.size(made));
    Process compared =
        new ProcessBuilder("cmp", "-i", "1:0", large.toString(), made.toString()).start();
    assertEquals(new Bric.Outcome(0, "", ""), Bric.outcome(compared));
  }

  @Test
  void manyActions() throws Exception {
    built(
        MANY + " remote.",
        here.run("build", executor(), "--jobs=32", "--remote_download_minimal", "//many:all"));
    built(
        MANY + " remote cache hit",
        there.run("build", executor(), "--jobs=32", "--remote_download_minimal", "//many:all"));
  }

  @Test
  void theServerIsKilledAndComesBack() throws Exception {
    try (Bric other = Bric.installed()) {
      Server first = Server.start(other, "--listen", "127.0.0.1:0");
      Process build =
          here.start(
              "build",
              "--remote_executor=" + first.address(),
              "--remote_retries=20",
              "--jobs=8",
              "--subcommands",
              "//killed:all");
      StringBuilder said = new StringBuilder();
      BufferedReader lines = build.errorReader();
      readUntil(lines, said, "SUBCOMMAND: # //killed:", 12);
      other.daemon().orElseThrow().destroyForcibly();
      first.close();
      try (Server _ = Server.start(other, "--listen", "127.0.0.1:" + first.port())) {
        lines.lines().forEach(line -> said.append(line).append('\n'));
        assertEquals(0, build.waitFor(), said::toString);
        assertTrue(said.toString().contains("24 remote"), said::toString);
      }
    }
    assertEquals("k 23\n", Files.readString(here.made("killed/k23.txt")));
  }

  private static void readUntil(BufferedReader lines, StringBuilder said, String start, int times)
      throws IOException {
    int left = times;
    while (left > 0) {
      String line = lines.readLine();
      assertTrue(line != null, said::toString);
      said.append(line).append('\n');
      if (line.startsWith(start)) {
        left--;
      }
    }
  }

  /**
   * In the clear: Debian's Bazel cannot speak TLS ("JDK provider does not support ALPN protocol"),
   * which is for the front's own tests.
   */
  @Test
  void whoIsNobodyIsNotLetIn() throws Exception {
    Path tenants =
        Files.writeString(
            bric.folder().resolve("tenants"),
            """
            # printf %s open-sesame | sha256sum
            web token=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7 execute
            """);
    try (Server guarded =
        Server.start(bric, "--listen", "127.0.0.1:0", "--tenants", tenants.toString())) {
      String executor = "--remote_executor=" + guarded.address();
      failed(
          34,
          "UNAUTHENTICATED: a bearer token or a client certificate known here is needed",
          here.run("build", executor, "--remote_instance_name=web", "//:secret"));
      String token = "--remote_header=authorization=Bearer open-sesame";
      failed(
          34,
          "PERMISSION_DENIED: the instance '' is not for this caller",
          here.run("build", executor, token, "//:secret"));
      built(
          "1 remote.",
          here.run("build", executor, token, "--remote_instance_name=web", "//:secret"));
    }
  }
}
