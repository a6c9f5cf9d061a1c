package dev.bricolage.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A tool that is about to run inside a run. Two are equal if they are the same one. */
public final class InnerRequest {
  /** What a descriptor is open on, in the order of the wire's numbers. */
  public enum Kind {
    CLOSED,
    NULL,
    FILE,
    PIPE,
    TERMINAL,
    SOCKET,
    /** A directory, a device. */
    OTHER
  }

  /**
   * Standard input, read ahead.
   *
   * @param whole whether that is all there is
   */
  @SuppressWarnings("ArrayRecordComponent") // as large as an input may be: not copied
  public record Input(byte[] bytes, boolean whole) {}

  /** The words of a process. */
  record Words(List<String> argv, List<String> env, boolean legible) {}

  /** The kinds of descriptors 0, 1 and 2. */
  record Kinds(Kind stdin, Kind stdout, Kind stderr) {}

  /**
   * A resource limit.
   *
   * @param now as the tool would have it
   * @param usual as the run's command began with it
   */
  public record Limited(Limit now, Limit usual) {}

  /** What a process is given beside words and files. */
  record Settings(int umask, Kinds kinds, List<Limited> limits) {
    Settings {
      limits = List.copyOf(limits);
    }
  }

  private final InnerCall call;
  private final String tool;
  private final String called;
  private final String cwd;
  private final Words words;
  private final Settings settings;
  private final Path root;

  InnerRequest(
      InnerCall call,
      String tool,
      String called,
      String cwd,
      Words words,
      Settings settings,
      Path root) {
    this.call = call;
    this.tool = tool;
    this.called = called;
    this.cwd = cwd;
    this.words = words;
    this.settings = settings;
    this.root = root;
  }

  /** Its number within the run: 1 for the first that was asked about. */
  public int number() {
    return call.number();
  }

  /** The tool's physical path, one of {@link Plan#shims}. */
  public String tool() {
    return tool;
  }

  /** The path it was executed by, of whatever spelling; relative to {@link #cwd} if relative. */
  public String called() {
    return called;
  }

  /** The physical working directory; ends in {@code " (deleted)"} if it is gone. */
  public String cwd() {
    return cwd;
  }

  public List<String> argv() {
    return words.argv();
  }

  /** {@code NAME=VALUE}, in the order they came; not always well-formed. */
  public List<String> env() {
    return words.env();
  }

  /**
   * False if a word or path is not UTF-8, and so cannot be told from others that decode alike: such
   * an inner run must not be remembered.
   */
  public boolean legible() {
    return words.legible();
  }

  public int umask() {
    return settings.umask();
  }

  /** One for each {@link Limit.Resource}, in their order. */
  public List<Limited> limits() {
    return settings.limits();
  }

  public Kind stdin() {
    return settings.kinds().stdin();
  }

  public Kind stdout() {
    return settings.kinds().stdout();
  }

  public Kind stderr() {
    return settings.kinds().stderr();
  }

  /**
   * The build's file tree as it is now, to look at and to change: the sandbox's {@code /}. The
   * kernel resolves absolute symbolic links against <em>this</em> process's root, so give it
   * physical paths only, and do not follow links.
   */
  public Path root() {
    return root;
  }

  /**
   * Reads standard input to its end, but not more than about {@code most} bytes; the tool, if it
   * runs, finds it unread. Waits for whoever writes it. Call it once, while {@link InnerRuns#asked}
   * decides.
   */
  public Input input(long most) throws IOException, InterruptedException {
    return call.input(most);
  }

  @Override
  public String toString() {
    return "inner run " + number() + " in " + cwd + ": " + argv();
  }
}
