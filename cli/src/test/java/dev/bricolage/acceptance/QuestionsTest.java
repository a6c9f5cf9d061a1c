package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each kind of question a command asks: whose new answer makes it run, and whose does not. */
@Timeout(60)
final class QuestionsTest {
  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  @Test
  void aFileThatWasNotRead() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n").write("b", "1\n");
    checkout.run("cat a").ran("first time").prints("1\n");
    checkout.write("b", "2\n").write("c", "new\n");
    checkout.run("cat a").isRemembered().prints("1\n");
  }

  @Test
  void aFileThatWasRead() throws Exception {
    Checkout checkout = bric.checkout().write("a", "old\n");
    checkout.run("cat a").ran("first time").prints("old\n");
    assertEquals("sh -c cat a\n  ran: first time\n", checkout.why());
    checkout.write("a", "new\n");
    checkout.run("cat a").ranBecause("content /build/a").prints("new\n");
    assertEquals(
        "sh -c cat a\n  ran because\n  a: content "
            + Digests.brief("old\n")
            + " -> content "
            + Digests.brief("new\n")
            + "\n",
        checkout.why());
    checkout.write("a", "old\n");
    Answer third = checkout.run("cat a").isRemembered().prints("old\n");
    int questions = third.run().get("questions").getAsInt();
    assertEquals(
        "sh -c cat a\n  was remembered: every one of "
            + questions
            + " questions had the same answer\n",
        checkout.why());
  }

  @Test
  void onlyTheTimeOfAFile() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    checkout.run("cat a").ran("first time");
    Files.setLastModifiedTime(checkout.root().resolve("a"), FileTime.fromMillis(1_000_000));
    checkout.run("cat a").isRemembered();
  }

  @Test
  void aFileThatWasOnlyLookedFor() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    String script = "test -e a && echo there";
    checkout.run(script).ran("first time").prints("there\n");
    checkout.write("a", "2\n");
    checkout.run(script).isRemembered().prints("there\n");
    checkout.delete("a");
    checkout.run(script + "; true").ran("first time").prints("");
  }

  @Test
  void aHeaderEarlierOnTheIncludePath() throws Exception {
    Checkout checkout =
        bric.checkout()
            .write("first/other.h", "\n")
            .write("second/h.h", "#define H 2\n")
            .write("m.c", "#include <h.h>\nint h = H;\n");
    String compile = "gcc -Ifirst -Isecond -E -P m.c";
    checkout.run(compile).ran("first time").prints("int h = 2;\n");
    checkout.write("first/h.h", "#define H 1\n");
    checkout.run(compile).ranBecause("stat /build/first/h.h").prints("int h = 1;\n");
    assertEquals(
        "sh -c " + compile + "\n  ran because\n  first/h.h: absent -> file of 12 bytes\n",
        checkout.why());
    checkout.delete("first/h.h");
    checkout.run(compile).isRemembered().prints("int h = 2;\n");
  }

  @Test
  void aNewNameInAListedFolder() throws Exception {
    Checkout checkout = bric.checkout().write("d/a", "").write("e/a", "");
    checkout.run("ls d").ran("first time").prints("a\n");
    checkout.write("e/b", "");
    checkout.run("ls d").isRemembered();
    checkout.write("d/b", "");
    checkout.run("ls d").ranBecause("list /build/d").prints("a\nb\n");
    checkout.delete("d/a");
    checkout.run("ls d").ranBecause("list /build/d").prints("b\n");
  }

  @Test
  void aVariableOfTheKey() throws Exception {
    Checkout checkout = bric.checkout();
    String script = "echo $X";
    checkout.run(List.of("-e", "X=1"), script).ran("first time").prints("1\n");
    checkout.run(List.of("-e", "X=2"), script).ran("first time").prints("2\n");
    checkout.run(List.of("-e", "X=1"), script).isRemembered().prints("1\n");
    checkout.run(script).ran("first time").prints("\n");
  }

  @Test
  void aBuildVariableOfTheUser() throws Exception {
    Checkout checkout = bric.checkout();
    try {
      bric.bric().with("CFLAGS", "-O1").with("EDITOR", "vi");
      checkout.run("echo $CFLAGS$EDITOR").ran("first time").prints("-O1\n");
      bric.bric().with("CFLAGS", "-O3");
      checkout.run("echo $CFLAGS$EDITOR").ran("first time").prints("-O3\n");
      bric.bric().with("CFLAGS", "-O1").with("EDITOR", "ed");
      checkout.run("echo $CFLAGS$EDITOR").isRemembered().prints("-O1\n");
    } finally {
      bric.bric().without("CFLAGS").without("EDITOR");
    }
  }

  @Test
  void theFolderItRunsIn() throws Exception {
    Checkout checkout = bric.checkout().write("bric.toml", "").write("a/f", "").write("b/f", "");
    checkout.run(List.of("-C", "a"), "pwd").ran("first time").prints("/build/a\n");
    checkout.run(List.of("-C", "b"), "pwd").ran("first time").prints("/build/b\n");
    checkout.run(List.of("-C", "a"), "pwd").isRemembered().prints("/build/a\n");
  }

  @Test
  void theExecuteBit() throws Exception {
    Checkout checkout = bric.checkout().write("tool", "#!/bin/sh\necho ran\n");
    String script = "./tool 2>/dev/null || echo cannot";
    checkout.run(script).ran("first time").prints("cannot\n");
    checkout.mode("tool", "rwxr-xr-x");
    checkout.run(script).ranBecause("content /build/tool").prints("ran\n");
    String content = "content " + Digests.brief("#!/bin/sh\necho ran\n");
    assertEquals(
        "sh -c %s\n  ran because\n  tool: %s -> %s, executable\n"
            .formatted(script, content, content),
        checkout.why());
    checkout.mode("tool", "rw-r--r--");
    checkout.run(script).isRemembered().prints("cannot\n");
  }

  @Test
  void whereALinkLeads() throws Exception {
    Checkout checkout = bric.checkout().write("a", "a\n").write("b", "b\n").link("l", "a");
    checkout.run("cat l").ran("first time").prints("a\n");
    checkout.link("l", "b");
    checkout.run("cat l").ran("differs").prints("b\n");
    assertEquals("sh -c cat l\n  ran because\n  l: link to a -> link to b\n", checkout.why());
    checkout.write("a", "A\n");
    checkout.run("cat l").isRemembered().prints("b\n");
    checkout.link("l", "a");
    checkout.run("cat l").ran("differs").prints("A\n");
  }

  @Test
  void aFolderThatBecameALink() throws Exception {
    Checkout checkout = bric.checkout().write("d/f", "d\n").write("e/f", "e\n");
    checkout.run("cat d/f").ran("first time").prints("d\n");
    checkout.delete("d").link("d", "e");
    checkout.run("cat d/f").ran("differs").prints("e\n");
  }

  @Test
  void aFileOfTheHost() throws Exception {
    Path file = bric.folder(bric.unique("host")).resolve("config");
    Checkout checkout = bric.checkout();
    List<String> options = List.of("--ro", file.toString());
    Files.writeString(file, "1\n");
    Grain.passes();
    checkout.run(options, "cat " + file).ran("first time").prints("1\n");
    checkout.run(options, "cat " + file).isRemembered().prints("1\n");
    Files.writeString(file, "2\n");
    Grain.passes();
    checkout.run(options, "cat " + file).ranBecause("content " + file).prints("2\n");
    Files.writeString(file, "1\n");
    checkout.run(options, "cat " + file).isRemembered().prints("1\n");
    checkout.run("cat " + file).exits(1);
  }

  @Test
  void aFileThatGitIgnores() throws Exception {
    Checkout checkout =
        bric.checkout().write(".gitignore", "*.tmp\n").write("a", "").git("a", ".gitignore");
    checkout.write("x.tmp", "1");
    checkout
        .run("ls; cat x.tmp 2>&1; true")
        .ran("first time")
        .prints("a\ncat: x.tmp: No such file or directory\n");
    checkout.write("x.tmp", "2").write("y.tmp", "");
    checkout.run("ls; cat x.tmp 2>&1; true").isRemembered();
    checkout.write("untracked", "");
    checkout
        .run("ls; cat x.tmp 2>&1; true")
        .ranBecause("list /build")
        .prints("a\nuntracked\ncat: x.tmp: No such file or directory\n");
  }

  @Test
  void aFileThatGitTracksAlthoughItIgnoresIt() throws Exception {
    Checkout checkout =
        bric.checkout().write(".gitignore", "*.tmp\n").write("x.tmp", "1\n").git("x.tmp");
    checkout.run("cat x.tmp").ran("first time").prints("1\n");
    checkout.write("x.tmp", "2\n");
    checkout.run("cat x.tmp").ranBecause("content /build/x.tmp").prints("2\n");
  }

  @Test
  void gitItselfIsNotSeen() throws Exception {
    Checkout checkout = bric.checkout().write("a", "").git("a");
    checkout.run("ls -A").ran("first time").prints("a\n");
    Host.succeeds(checkout.root(), "git", "config", "user.name", "somebody");
    checkout.run("ls -A").isRemembered();
  }

  @Test
  void bricignore() throws Exception {
    Checkout checkout =
        bric.checkout().write(".bricignore", "notes/\n").write("notes/n", "1").write("a", "");
    checkout.run("ls -A").ran("first time").prints(".bricignore\na\n");
    checkout.write("notes/n", "2").write("notes/m", "");
    checkout.run("ls -A").isRemembered();
  }

  @Test
  void inMakesAnIgnoredFileAnInput() throws Exception {
    Checkout checkout =
        bric.checkout().write(".gitignore", "gen.h\n").write("a", "").git("a", ".gitignore");
    checkout.write("gen.h", "1\n");
    List<String> in = List.of("--in", "gen.h");
    checkout.run(in, "cat gen.h").ran("first time").prints("1\n");
    checkout.run(in, "cat gen.h").isRemembered();
    checkout.write("gen.h", "2\n");
    checkout.run(in, "cat gen.h").ranBecause("content /build/gen.h").prints("2\n");
  }

  @Test
  void outHidesATrackedFile() throws Exception {
    Checkout checkout = bric.checkout().write("parser.c", "old\n").write("a", "").git("parser.c");
    List<String> out = List.of("--out", "parser.c");
    String script = "test -e parser.c && echo there; echo made > parser.c";
    checkout.run(out, script).ran("first time").prints("");
    assertEquals("made\n", checkout.read("parser.c"));
    checkout.write("parser.c", "edited\n");
    checkout.run(out, script).isRemembered();
    assertEquals("made\n", checkout.read("parser.c"));
  }

  @Test
  void whatARunMadeIsNoInput() throws Exception {
    Checkout checkout = bric.checkout().write("a", "");
    String script = "ls; mkdir -p out; date +%N > out/n; echo > b.o";
    checkout.run(script).ran("first time").prints("a\n");
    String made = checkout.read("out/n");
    checkout.run(script).isRemembered().prints("a\n");
    assertEquals(made, checkout.read("out/n"));
    // Another command sees it no more than the first did: every run starts from the sources.
    checkout.run("ls").ran("first time").prints("a\n");
  }

  @Test
  void aProductThatTheUserChangedIsKept() throws Exception {
    Checkout checkout = bric.checkout().write("a", "");
    checkout.run("echo made > out").ran("first time");
    checkout.write("out", "precious\n");
    Answer again = checkout.run("echo made > out").isRemembered();
    assertEquals("made\n", checkout.read("out"));
    String kept = Digests.of("precious\n");
    assertEquals(
        List.of("out was changed since a run made it; the old one: bric store cat " + kept),
        again.notes());
    assertTrue(
        again
            .outcome()
            .stderr()
            .startsWith(
                "bric: note: out was changed since a run made it; the old one: bric store cat "
                    + kept
                    + "\n"),
        again::toString);
    assertEquals(new Bric.Outcome(0, "precious\n", ""), bric.run("store", "cat", kept));
  }

  @Test
  void outputsComeHomeWithModesLinksFoldersAndDeletions() throws Exception {
    Checkout checkout =
        bric.checkout().write("gone", "").write("folder/gone", "").write("changed", "old\n");
    String script =
        """
        rm gone
        rm -r folder
        echo new > changed
        mkdir -p made/empty
        echo x > made/tool
        chmod 755 made/tool
        ln -s tool made/link
        ln -s /build/made/tool made/absolute
        """;
    checkout.run(script).exits(0).ran("first time");
    assertEquals(
        "{changed=rw-r--r-- new\n, made=rwxr-xr-x, made/absolute=link to "
            + checkout.root().resolve("made/tool")
            + ", made/empty=rwxr-xr-x, made/link=link to tool, made/tool=rwxr-xr-x x\n}",
        checkout.everything().toString());
    assertFalse(checkout.has("gone"));
  }

  @Test
  void outputsThatAreAsTheyShouldBeAreLeftAlone() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    checkout.run("cat a > out; echo same > other").exits(0);
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(checkout.root().resolve("other"), old);
    checkout.write("a", "2\n");
    Answer answer = checkout.run("cat a > out; echo same > other").ranBecause("content /build/a");
    assertEquals(1, answer.run().get("written").getAsInt(), answer::toString);
    assertEquals(old, Files.getLastModifiedTime(checkout.root().resolve("other")));
  }

  @Test
  void noWriteBackLeavesTheWorkspaceAlone() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    checkout.run(List.of("--no-write-back"), "rm a; echo > out").exits(0).ran("first time");
    assertEquals("{a=rw-r--r-- 1\n}", checkout.everything().toString());
    checkout.run("rm a; echo > out").isRemembered();
    assertEquals("{out=rw-r--r-- \n}", checkout.everything().toString());
  }

  @Test
  void freshRunsAlthoughItIsKnown() throws Exception {
    Checkout checkout = bric.checkout();
    Answer first = checkout.run("date +%N").ran("first time");
    checkout.run("date +%N").isRemembered().prints(first.outcome().stdout());
    Answer fresh = checkout.run(List.of("--fresh"), "date +%N").ran("fresh");
    assertEquals("sh -c date +%N\n  ran: --fresh was given\n", checkout.why());
    assertFalse(fresh.outcome().stdout().equals(first.outcome().stdout()), fresh::toString);
    checkout.run("date +%N").isRemembered().prints(fresh.outcome().stdout());
  }

  @Test
  void realPathIsTheCheckoutsOwn() throws Exception {
    Checkout checkout = bric.checkout().write("a", "1\n");
    List<String> real = List.of("--real-path");
    checkout.run(real, "pwd; cat a").ran("first time").prints(checkout.root() + "\n1\n");
    checkout.run(real, "pwd; cat a").isRemembered();
    checkout.write("a", "2\n");
    checkout.run(real, "pwd; cat a").ran("differs").prints(checkout.root() + "\n2\n");
  }
}
