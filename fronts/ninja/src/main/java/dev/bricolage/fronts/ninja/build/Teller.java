package dev.bricolage.fronts.ninja.build;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.status.CurrentRate;
import dev.bricolage.fronts.ninja.status.Elision;
import dev.bricolage.fronts.ninja.status.Progress;
import dev.bricolage.fronts.ninja.status.Stats;
import dev.bricolage.fronts.ninja.status.StatusFormat;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells of edges as ninja does: a line for each, or on a terminal one line for all. While an act
 * has the terminal, what is to be told of others is held back.
 */
public final class Teller {
  /** What a line of the history has room for: so many edges, with commands of so many letters. */
  private static final int MOST_TOLD = 1000;

  private static final int LONGEST_TOLD = 1 << 18;

  private final StatusFormat format;
  private final Style style;
  private final Consumer<byte[]> out;
  private final Consumer<String> aside;
  private final Herald herald;
  private final List<Told> told = new ArrayList<>();
  private final CurrentRate rate;
  private final long began = System.nanoTime();
  private int toldLength;
  private int untold;
  private int total;
  private int finished;
  private boolean lineIsOpen;
  private int actor = Manifest.NONE;
  private boolean holding;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private String heldLine = "";

  /**
   * How to tell.
   *
   * @param width of the terminal, empty where output is none
   */
  public record Style(boolean verbose, boolean quiet, OptionalInt width, boolean colours) {}

  /**
   * A teller.
   *
   * @param rateWindow over how many edges the current rate is taken
   * @param out standard output
   * @param aside gets lines that are not about progress: reasons and warnings
   * @param herald is told of the same edges
   */
  public Teller(
      StatusFormat format,
      Style style,
      int rateWindow,
      Consumer<byte[]> out,
      Consumer<String> aside,
      Herald herald) {
    this.format = format;
    this.style = style;
    this.rate = new CurrentRate(rateWindow);
    this.out = out;
    this.aside = aside;
    this.herald = herald;
  }

  /** Who tells others of the build. */
  public Herald herald() {
    return herald;
  }

  /** An edge has looked for what another one makes, and does not say that it needs it. */
  void missing(String output, String needed) {
    aside.accept(
        "ninja: warning: '%s' needs '%s', which another edge makes, and does not say so"
            .formatted(output, needed));
  }

  /** Counts anew, as ninja does for each of its builds. */
  public void begin() {
    total = 0;
    finished = 0;
  }

  /** So many more edges might run. */
  void expect(int edges) {
    total += edges;
  }

  /** How many were told of since it began. */
  public int finished() {
    return finished;
  }

  /**
   * An act begins, and has the terminal for itself.
   *
   * @param others how many edges are under way beside it
   */
  void began(Edge edge, int others) throws NinjaError {
    if (!style.quiet()) {
      status(edge, finished + others + 1, others + 1);
    }
    close();
    actor = edge.id();
    holding = true;
  }

  /** The terminal is ours again; what was held back is told. */
  void release() {
    if (!holding) {
      return;
    }
    holding = false;
    say(held.toByteArray());
    held.reset();
    if (!heldLine.isEmpty()) {
      overwrite(heldLine);
      heldLine = "";
    }
  }

  /** An edge has ended; one that had nothing to do is not told of. */
  void ended(Edge edge, Ended how, int running) throws NinjaError {
    boolean act = edge.id() == actor;
    if (act) {
      release();
      actor = Manifest.NONE;
    }
    if (how.how() == Ended.How.UP_TO_DATE) {
      total--;
      return;
    }
    finished++;
    how.reasons().forEach(reason -> aside.accept("ninja explain: " + reason));
    how.notes().forEach(note -> aside.accept("bric: " + note));
    note(told(edge, how));
    if (!act && (!style.quiet() || how.failed())) {
      status(edge, finished + running, running + 1);
    }
    if (how.failed()) {
      close();
      line(
          "FAILED: "
              + edge.manifest().paths(edge.outputs()).stream().collect(Collectors.joining(" "))
              + " ");
      line(edge.command());
    }
    if (!how.output().isEmpty()) {
      close();
      byte[] said = how.output().toByteArray();
      say(style.colours() ? said : plain(said));
    }
  }

  private void note(Told edge) {
    toldLength += edge.command().length();
    if (told.size() < MOST_TOLD && toldLength <= LONGEST_TOLD) {
      told.add(edge);
    } else {
      untold++;
    }
  }

  private static Told told(Edge edge, Ended how) throws NinjaError {
    return new Told(
        edge.manifest().paths(edge.outputs()),
        edge.command(),
        how.how() == Ended.How.RAN,
        how.status(),
        how.endMillis() - how.startMillis(),
        how.why());
  }

  /** What became of the edges that had something to do: of the first, if they are many. */
  public List<Told> told() {
    return List.copyOf(told);
  }

  /** How many more there were. */
  public int untold() {
    return untold;
  }

  private void status(Edge edge, int started, int running) throws NinjaError {
    String description = edge.description();
    String told = description.isEmpty() || style.verbose() ? edge.command() : description;
    long elapsed = (System.nanoTime() - began) / 1_000_000;
    Progress progress =
        new Progress(started, running, finished, total, elapsed, rate.at(finished, elapsed));
    String text = format.show(progress) + told;
    if (style.width().isEmpty() || style.verbose()) {
      write((text + "\n").getBytes(StandardCharsets.UTF_8)); // an open line stays one
      return;
    }
    if (holding) {
      heldLine = text;
    } else {
      overwrite(text);
    }
  }

  private void overwrite(String text) {
    say("\r" + Elision.middle(text, style.width().orElseThrow()) + "\u001b[K");
  }

  /** Ends the line that is written over, or that a command has left open. */
  public void close() {
    if (!heldLine.isEmpty()) {
      String line = heldLine;
      heldLine = "";
      line(line);
    }
    if (lineIsOpen) {
      say("\n");
    }
  }

  /** A line that the quiet do not want. */
  public void remark(String text) {
    if (!style.quiet()) {
      line(text);
    }
  }

  /** Enters the edges that had something to do. */
  public void enter(Stats stats) {
    for (boolean ran : List.of(true, false)) {
      List<Told> some = told.stream().filter(edge -> edge.ran() == ran).toList();
      long millis = some.stream().mapToLong(Told::millis).sum();
      stats.add(ran ? "edges run" : "edges brought", some.size(), millis * 1_000_000);
    }
  }

  /** A line of its own. */
  public void line(String text) {
    say(text + "\n");
  }

  private void say(String text) {
    say(text.getBytes(StandardCharsets.UTF_8));
  }

  private void say(byte[] bytes) {
    write(bytes);
    lineIsOpen = bytes.length > 0 ? bytes[bytes.length - 1] != '\n' : lineIsOpen;
  }

  private void write(byte[] bytes) {
    if (holding) {
      held.writeBytes(bytes);
    } else {
      out.accept(bytes);
    }
  }

  /** Without the escape sequences that colour a terminal. */
  private static byte[] plain(byte[] coloured) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(coloured.length);
    for (int i = 0; i < coloured.length; i++) {
      if (coloured[i] != 0x1b) {
        plain.write(coloured[i]);
      } else if (i + 1 < coloured.length && coloured[i + 1] == '[') {
        i += 2;
        while (i < coloured.length && !Character.isAlphabetic(coloured[i])) {
          i++;
        }
      }
    }
    return plain.toByteArray();
  }
}
