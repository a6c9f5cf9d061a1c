package dev.bricolage.fuzz;

import dev.bricolage.sandbox.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person sees of a run.
 *
 * @param status the exit status; -1 when it was refused
 * @param refusal why it was, or nothing
 * @param out all of stdout
 * @param err all of stderr
 * @param order both as they came, a change of stream marked
 * @param files the workspace afterwards
 */
public record Answer(
    int status, String refusal, String out, String err, String order, Checkout files) {

  private static final int BEFORE = 300;
  private static final int AFTER = 200;

  /** What is other than {@code wanted}, a line each; empty when nothing is. */
  List<String> differences(Answer wanted) {
    List<String> lines = new ArrayList<>();
    compare(lines, "status", String.valueOf(status), String.valueOf(wanted.status));
    compare(lines, "refusal", refusal, wanted.refusal);
    compare(lines, "stdout", out, wanted.out);
    compare(lines, "stderr", err, wanted.err);
    compare(lines, "order of output", order, wanted.order);
    files.differences(wanted.files).forEach(line -> lines.add("file " + line));
    return lines;
  }

  private static void compare(List<String> lines, String what, String mine, String wanted) {
    if (!mine.equals(wanted)) {
      int same = 0;
      while (same < Math.min(mine.length(), wanted.length())
          && mine.charAt(same) == wanted.charAt(same)) {
        same++;
      }
      lines.add(
          what
              + ":\n"
              + around(mine, same).indent(4)
              + "  wanted:\n"
              + around(wanted, same).indent(4));
    }
  }

  /** The text near the first difference. */
  private static String around(String text, int place) {
    int from = Math.max(0, place - BEFORE);
    int to = Math.min(text.length(), place + AFTER);
    return (from > 0 ? "..." : "") + text.substring(from, to) + (to < text.length() ? "..." : "");
  }

  /** Collects what a run prints. */
  public static final class Screen implements Console {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream order = new ByteArrayOutputStream();
    private boolean lastWasErr;

    @Override
    public void stdout(byte[] bytes, int offset, int length) {
      note(bytes, offset, length, out, false);
    }

    @Override
    public void stderr(byte[] bytes, int offset, int length) {
      note(bytes, offset, length, err, true);
    }

    private void note(
        byte[] bytes, int offset, int length, ByteArrayOutputStream stream, boolean isErr) {
      if (isErr != lastWasErr) {
        order.writeBytes((isErr ? "[err]" : "[out]").getBytes(StandardCharsets.US_ASCII));
        lastWasErr = isErr;
      }
      stream.write(bytes, offset, length);
      order.write(bytes, offset, length);
    }

    Answer answer(int status, String refusal, Checkout files) {
      return new Answer(status, refusal, text(out), text(err), text(order), files);
    }

    /** What came on standard output. */
    public String out() {
      return text(out);
    }

    /** What came on standard error. */
    public String err() {
      return text(err);
    }

    private static String text(ByteArrayOutputStream stream) {
      return stream.toString(StandardCharsets.UTF_8);
    }
  }
}
