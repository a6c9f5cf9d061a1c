package dev.bricolage.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown page whose {@code ```console} blocks are one session of a shell, in the manner of
 * Python's doctest and cram.
 *
 * @param name how messages call it
 * @param steps its commands, in the order of the page
 */
public record Page(String name, List<Step> steps) {
  private static final String FENCE = "```";
  private static final String CONSOLE = "```console";
  private static final String COMMAND = "$ ";
  private static final String CONTINUATION = "> ";
  private static final Pattern STATUS = Pattern.compile("\\[exit (\\d{1,3})]");

  /** Copies. */
  public Page {
    steps = List.copyOf(steps);
  }

  /** Reads the page in a file. */
  public static Page read(Path file) throws IOException {
    return parse(String.valueOf(file.getFileName()), Files.readString(file));
  }

  /**
   * Reads a page.
   *
   * @throws IllegalArgumentException when it has no command, a block that is never closed, or
   *     output before the first command of a block; the message names page and line
   */
  public static Page parse(String name, String text) {
    Reader reader = new Reader(name);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      reader.line(i + 1, lines.get(i));
    }
    return new Page(name, reader.end());
  }

  /** Goes down a page line by line. */
  private static final class Reader {
    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> output = new ArrayList<>();
    private String command = "";
    private int commandLine;
    private int openedAt;
    private boolean console;

    Reader(String name) {
      this.name = name;
    }

    void line(int number, String line) {
      if (openedAt == 0) {
        if (line.startsWith(FENCE)) {
          openedAt = number;
          console = line.equals(CONSOLE);
        }
      } else if (line.equals(FENCE)) {
        finishStep();
        openedAt = 0;
      } else if (console) {
        consoleLine(number, line);
      }
    }

    private void consoleLine(int number, String line) {
      if (line.startsWith(COMMAND)) {
        finishStep();
        command = line.substring(COMMAND.length());
        commandLine = number;
      } else if (command.isEmpty()) {
        throw new IllegalArgumentException(
            name + ":" + number + ": output before any command; write the command as `$ command`");
      } else if (output.isEmpty() && (line.startsWith(CONTINUATION) || line.equals(">"))) {
        command += "\n" + line.substring(Math.min(line.length(), CONTINUATION.length()));
      } else {
        output.add(line);
      }
    }

    private void finishStep() {
      if (command.isEmpty()) {
        return;
      }
      int status = 0;
      Matcher said = STATUS.matcher(output.isEmpty() ? "" : output.getLast());
      if (said.matches()) {
        status = Integer.parseInt(said.group(1));
        output.removeLast();
      }
      steps.add(new Step(commandLine, command, output, status));
      command = "";
      output.clear();
    }

    List<Step> end() {
      if (openedAt != 0) {
        throw new IllegalArgumentException(
            name + ":" + openedAt + ": this block is never closed; write " + FENCE + " after it");
      }
      if (steps.isEmpty()) {
        throw new IllegalArgumentException(
            name + ": no command in any " + CONSOLE + " block, so it would test nothing");
      }
      return steps;
    }
  }
}
