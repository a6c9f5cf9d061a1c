package dev.bricolage.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing, help, errors and exit statuses, without client and socket. */
final class CommandsTest {
  private static final Terminal SCREEN = new Terminal(true, true, true, 80, 24);

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private Map<String, String> environment = Map.of("PATH", "/bin", "CFLAGS", "-O2");
  private Terminal terminal = Terminal.NONE;
  private FakeWork work = new FakeWork();

  private int bric(String... words) {
    return execute(commands(), words);
  }

  private Commands commands() {
    return new Commands(work, "b1d", Path.of("/h/daemon.log"), new PrintStream(log, true, UTF_8));
  }

  private int execute(Commands commands, String... words) {
    Request request =
        new Request(
            1, 022, terminal, folder.toString(), List.of(words), environment, Set.of("ODD"));
    Session session = new Session(request, out, err);
    session.begin();
    return commands.execute(session);
  }

  private void fails(int status, String message, String... words) {
    assertEquals(status, bric(words), err.toString(UTF_8));
    assertEquals("bric: " + message + "\n", err.toString(UTF_8));
    assertEquals("", out.toString(UTF_8));
  }

  private RunOptions ran(String... words) {
    assertEquals(0, bric(words), err.toString(UTF_8));
    return (RunOptions) work.last();
  }

  @Test
  void versionNamesTheBuild() {
    assertEquals(0, bric("--version"));
    assertTrue(out.toString(UTF_8).matches("bric \\S+ \\(build b1d\\)\n"), out.toString(UTF_8));
  }

  @Test
  void runWithoutOptions() {
    RunOptions options = ran("run", "--", "make", "-j8");
    assertEquals(
        new RunOptions(
            folder,
            List.of("make", "-j8"),
            Map.of(),
            environment,
            List.of(),
            List.of(),
            List.of(),
            true,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            false),
        options);
  }

  @Test
  void nothingStaysOfTheRequestBefore() {
    Commands commands = commands();
    String[] plain = {"run", "--", "true"};
    execute(commands, plain);
    RunOptions before = (RunOptions) work.last();
    String[] all = {
      "--color=always",
      "run",
      "-e",
      "A=b",
      "--ro",
      "/usr",
      "--out",
      "x",
      "--in",
      "y",
      "--fresh",
      "--no-write-back",
      "--real-path",
      "--timeout",
      "1s",
      "--json",
      "r.json",
      "-q",
      "-C",
      ".",
      "z"
    };
    execute(commands, all);
    RunOptions after = (RunOptions) work.last();
    execute(commands, "--help");
    execute(commands, "run", "--no-such-option");
    execute(commands, plain);
    assertEquals(before, work.last());
    assertEquals(List.of(), before.out());
    assertEquals(List.of("x"), after.out());
    assertEquals(List.of("z"), after.argv());
  }

  @Test
  void runWithAllOptions() throws IOException {
    Files.createDirectory(folder.resolve("lib"));
    RunOptions options =
        ran(
            "run",
            "-C",
            "lib",
            "-e",
            "CFLAGS",
            "-e",
            "A=b=c",
            "-e",
            "UNSET",
            "--ro",
            "/usr",
            "--out",
            "x.o",
            "--in",
            "gen.h",
            "--no-write-back",
            "--fresh",
            "--real-path",
            "--timeout",
            "1h30m",
            "--json",
            "r.json",
            "-q",
            "--",
            "cc",
            "--version");
    assertEquals(
        new RunOptions(
            folder.resolve("lib"),
            List.of("cc", "--version"),
            Map.of("CFLAGS", "-O2", "A", "b=c"),
            environment,
            List.of(Path.of("/usr")),
            List.of("x.o"),
            List.of("gen.h"),
            false,
            true,
            true,
            Optional.of(Duration.ofMinutes(90)),
            Optional.of(folder.resolve("r.json")),
            true),
        options);
  }

  @Test
  void theCommandsOwnWordsAreLeftAlone() {
    assertEquals(
        List.of("sh", "-c", "echo '@f' ${x}", "--", "", "-q", "@file"),
        ran("run", "--", "sh", "-c", "echo '@f' ${x}", "--", "", "-q", "@file").argv());
    assertEquals(List.of("make", "-q", "--help"), ran("run", "make", "-q", "--help").argv());
  }

  @Test
  void noCommand() {
    fails(64, "run: no command; write it after the options: bric run -- make -j8", "run", "-q");
  }

  @Test
  void missingDirectory() {
    fails(66, "-C nowhere: no such directory", "run", "-C", "nowhere", "--", "make");
  }

  @Test
  void fileAsDirectory() throws IOException {
    Files.createFile(folder.resolve("f"));
    fails(66, "-C f: not a directory", "run", "-C", "f", "--", "make");
  }

  @Test
  void missingReadOnlyPath() {
    fails(66, "--ro nowhere: no such file or directory", "run", "--ro", "nowhere", "make");
  }

  @Test
  void jsonIntoAMissingDirectory() {
    fails(
        73,
        "--json no/r.json: no directory " + folder.resolve("no"),
        "run",
        "--json",
        "no/r.json",
        "make");
  }

  @Test
  void variableWithoutAName() {
    fails(64, "run: -e '=x': no name; write NAME or NAME=VALUE", "run", "-e", "=x", "make");
  }

  @Test
  void variableThatIsNotUtf8() {
    fails(64, "run: -e ODD: its value is not UTF-8", "run", "-e", "ODD", "make");
  }

  @ParameterizedTest
  @CsvSource({"90s,90000", "5m,300000", "1h30m,5400000", "500ms,500", "1m1s1ms,61001"})
  void durations(String text, long millis) {
    assertEquals(Optional.of(Duration.ofMillis(millis)), TimeLimit.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"90", "s", "0s", "1s1h", "-1s", "1.5h", "1 s"})
  void notDurations(String text) {
    assertEquals(Optional.empty(), TimeLimit.parse(text));
    fails(
        64,
        "run: --timeout " + text + ": not a duration; write it as 90s, 5m or 1h30m",
        "run",
        "--timeout=" + text,
        "make");
  }

  @Test
  void unknownOption() {
    fails(
        64,
        "run: unknown option '--frsh'; did you mean --fresh?; see `bric run --help`",
        "run",
        "--frsh",
        "--",
        "make");
  }

  @Test
  void unknownCommand() {
    fails(64, "no command 'runn'; did you mean run?; see `bric --help`", "runn");
  }

  @Test
  void noWords() {
    fails(64, "no command; see `bric --help`");
  }

  @Test
  void storeWithoutACommand() {
    fails(64, "store: which command?; see `bric store --help`", "store");
  }

  @Test
  void optionBeforeANativeCommand() {
    fails(64, "write options after `doctor` and `shutdown`, not before", "--color=never", "doctor");
  }

  @Test
  void missingParameter() {
    fails(
        64,
        "log show: missing required parameter: 'ID'; see `bric log show --help`",
        "log",
        "show");
  }

  @Test
  void aPatternBeforeTheRunsNumber() {
    fails(64, "why: lcode.c: is no run's number", "why", "lcode.c", "7");
  }

  @Test
  void optionsOfTheOtherVerbs() {
    bric("why");
    assertEquals(new WhyOptions(folder, Optional.empty(), Optional.empty(), false), work.last());
    bric("why", "7", "--json");
    assertEquals(new WhyOptions(folder, Optional.of("7"), Optional.empty(), true), work.last());
    bric("why", "lcode.c");
    assertEquals(
        new WhyOptions(folder, Optional.empty(), Optional.of("lcode.c"), false), work.last());
    bric("why", "7", "lcode.c");
    assertEquals(
        new WhyOptions(folder, Optional.of("7"), Optional.of("lcode.c"), false), work.last());
    bric("log");
    assertEquals(new LogOptions.Latest(20, false), work.last());
    bric("log", "-n", "3", "--json");
    assertEquals(new LogOptions.Latest(3, true), work.last());
    bric("log", "show", "12");
    assertEquals(new LogOptions.Show("12", false), work.last());
    bric("store", "stat");
    assertEquals(new StoreOptions.Stat(false), work.last());
    bric("store", "verify", "--json");
    assertEquals(new StoreOptions.Verify(true), work.last());
    bric("store", "gc", "--size", "20G");
    assertEquals(new StoreOptions.Gc(Optional.of(20L << 30), false), work.last());
    bric("store", "cat", "abc/3");
    assertEquals(new StoreOptions.Cat("abc/3"), work.last());
    bric("store", "ls");
    assertEquals(new StoreOptions.Ls(), work.last());
    assertEquals("", err.toString(UTF_8));
  }

  @Test
  void notASize() {
    fails(
        64,
        "store gc: --size lots: not a size; write it as 500M or 20G",
        "store",
        "gc",
        "--size",
        "lots");
  }

  @Test
  void logOfNoRuns() {
    fails(64, "log: -n 0: must be at least 1", "log", "-n", "0");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        List.of(
            "run", "ninja", "why", "log", "store", "doctor", "shutdown", "completion", "help")) {
      out.reset();
      assertEquals(0, bric("help", command));
      String page = out.toString(UTF_8);
      assertTrue(page.startsWith("Usage: bric " + command), page);
      out.reset();
      assertEquals(0, bric(command, "--help"));
      assertEquals(page, out.toString(UTF_8));
    }
  }

  @Test
  void helpOfANestedCommand() {
    assertEquals(0, bric("help", "store", "gc"));
    assertTrue(out.toString(UTF_8).startsWith("Usage: bric store gc "), out.toString(UTF_8));
  }

  @Test
  void helpOfNothing() {
    fails(64, "help: no command 'nothing'; see `bric help`", "help", "nothing");
  }

  @Test
  void exitStatusesAreListed() {
    assertEquals(0, bric("help", "exit-status"));
    for (ExitStatus status : ExitStatus.values()) {
      assertTrue(out.toString(UTF_8).contains(status.code() + " "), status.toString());
    }
  }

  @Test
  void colourOnATerminalOnly() {
    bric("--help");
    assertFalse(out.toString(UTF_8).contains("\u001b"));
    out.reset();
    terminal = SCREEN;
    bric("--help");
    assertTrue(out.toString(UTF_8).contains("\u001b"));
  }

  @Test
  void noColorIsObeyedAndOverruled() {
    terminal = SCREEN;
    environment = Map.of("NO_COLOR", "1");
    bric("--help");
    assertFalse(out.toString(UTF_8).contains("\u001b"));
    out.reset();
    bric("--color=always", "--help");
    assertTrue(out.toString(UTF_8).contains("\u001b"));
  }

  @Test
  void colourNever() {
    terminal = SCREEN;
    bric("help", "--color=never");
    assertFalse(out.toString(UTF_8).contains("\u001b"));
  }

  @Test
  void failuresAreToldWithTheirStatus() {
    work =
        new FakeWork((_, _) -> {
          throw new Failure(ExitStatus.UNSUITED, "no user namespaces; see `bric doctor`");
        });
    fails(71, "no user namespaces; see `bric doctor`", "run", "make");
  }

  @Test
  void inputOutputErrors() {
    work =
        new FakeWork((_, _) -> {
          throw new IOException("/h/blobs: no space left on device");
        });
    fails(74, "/h/blobs: no space left on device", "run", "make");
    err.reset();
    work =
        new FakeWork((_, _) -> {
          throw new UncheckedIOException(new IOException("torn"));
        });
    assertEquals(74, bric("run", "make"));
  }

  @Test
  void missingFilesAreToldInWords() {
    work =
        new FakeWork((_, _) -> {
          throw new UncheckedIOException(new NoSuchFileException("/a/b"));
        });
    fails(74, "/a/b: no such file or directory", "run", "make");
    err.reset();
    work =
        new FakeWork((_, _) -> {
          throw new AccessDeniedException("/a/b");
        });
    fails(74, "/a/b: permission denied", "run", "make");
  }

  @Test
  void aStoreThatCannotGoOn() {
    work =
        new FakeWork((_, _) -> {
          throw new StoreException("/h is of format 9; use a newer bric");
        });
    fails(74, "/h is of format 9; use a newer bric", "run", "make");
  }

  @Test
  void faultsAreReportedAndLogged() {
    work =
        new FakeWork((_, _) -> {
          throw new IllegalStateException("impossible");
        });
    fails(
        70,
        "internal error: java.lang.IllegalStateException: impossible\n"
            + "bric: this is a fault of Bricolage: please report it with the end of the log"
            + " /h/daemon.log and the output of `bric doctor`",
        "run",
        "make");
    assertTrue(log.toString(UTF_8).contains("CommandsTest"), log.toString(UTF_8));
  }

  @Test
  void completionIsAScriptThatBashAccepts() throws Exception {
    assertEquals(0, bric("completion", "bash"));
    Path script = Files.write(folder.resolve("completion.bash"), out.toByteArray());
    Process check =
        new ProcessBuilder(
                "bash",
                "-c",
                "source '"
                    + script
                    + "'; COMP_WORDS=(bric ru); COMP_CWORD=1;"
                    + " _complete_bric 2>/dev/null; echo \"${COMPREPLY[@]}\";"
                    + " COMP_WORDS=(bric ninja --fr); COMP_CWORD=2;"
                    + " _complete_bric 2>/dev/null; echo \"${COMPREPLY[@]}\"")
            .start();
    assertEquals(new Bric.Outcome(0, "run\n--fresh\n", ""), Bric.outcome(check));
  }

  @Test
  void completionForZsh() {
    assertEquals(0, bric("completion", "zsh"));
    assertTrue(out.toString(UTF_8).startsWith("autoload -U +X compinit"));
  }
}
