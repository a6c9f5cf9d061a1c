package dev.bricolage.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a page is played: a fresh folder that is the home of an invented user, with nothing of the
 * real user's around it.
 *
 * @param root an empty folder; the home is in it, and what the session itself needs
 * @param programs folders that go first on PATH
 * @param more variables besides the usual ones
 */
public record Stage(Path root, List<Path> programs, Map<String, String> more) {
  /** How pages call the home folder, wherever it really is. */
  public static final String HOME = "/home/you";

  /** Copies. */
  public Stage {
    programs = List.copyOf(programs);
    more = Map.copyOf(more);
  }

  /** The folder a session starts in; made when it is not there. */
  public Path home() throws IOException {
    return Files.createDirectories(root.resolve("home"));
  }

  /** Every variable of the session. */
  Map<String, String> environment() throws IOException {
    StringBuilder path = new StringBuilder();
    programs.forEach(folder -> path.append(folder).append(':'));
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "PATH", path + "/usr/local/bin:/usr/bin:/bin",
                "HOME", home().toString(),
                "LC_ALL", "C.UTF-8",
                "TZ", "UTC",
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_AUTHOR_NAME", "You",
                "GIT_AUTHOR_EMAIL", "you@example.org",
                "GIT_COMMITTER_NAME", "You",
                "GIT_COMMITTER_EMAIL", "you@example.org"));
    environment.putAll(more);
    return environment;
  }

  /** A line of output with the home folder called as pages call it. */
  String asWritten(String line) throws IOException {
    return line.replace(home().toString(), HOME);
  }

  /**
   * Plays a page from its beginning to its end, in one shell.
   *
   * @throws AssertionError at the first step that is not as the page says, with both texts
   */
  public void play(Page page) throws IOException, InterruptedException {
    try (Shell shell = Shell.start(this)) {
      for (Step step : page.steps()) {
        check(page, step, shell.run(step.command()));
      }
    }
  }

  private void check(Page page, Step step, Shell.Said said) throws IOException {
    List<String> actual = new java.util.ArrayList<>();
    for (String line : said.lines()) {
      actual.add(asWritten(line));
    }
    Expectation expectation = new Expectation(step.output());
    if (said.status() == step.status() && expectation.holds(actual)) {
      return;
    }
    StringBuilder message =
        new StringBuilder(
            "%s:%d: not as the page says%n$ %s%n"
                .formatted(page.name(), step.line(), step.command()));
    expectation.difference(actual).forEach(line -> message.append(line).append('\n'));
    if (said.status() != step.status()) {
      message.append("- [exit %d]%n+ [exit %d]%n".formatted(step.status(), said.status()));
    }
    throw new AssertionError(message.toString());
  }
}
