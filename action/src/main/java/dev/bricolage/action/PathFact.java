package dev.bricolage.action;

import java.util.Locale;

/**
 * A question about one path, as weak as what a process asked. Its answer is a fact; a run's result
 * stands as long as every fact it rests on does.
 *
 * @param kind how much was asked
 * @param path an absolute path in the sandbox's view, every folder above it being a real folder
 */
public record PathFact(Kind kind, String path) implements Comparable<PathFact> {

  /** How much a process learnt; each kind tells all that the weaker ones do. */
  public enum Kind {
    /** Whether it is there, its type; a file's size and execute bit, a link's target. */
    STAT,
    /** What is in it. */
    CONTENT,
    /** Which names are in it. */
    LIST;

    /** The kind's name in traces and messages. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a view says to a {@link PathFact}: a short canonical text, so that it can be compared,
   * kept and shown as it is.
   */
  public record Answer(String text) {
    /** Nothing is there. */
    public static final Answer ABSENT = new Answer("absent");

    /** A folder is there. */
    public static final Answer FOLDER = new Answer("folder");

    /** Something is there that is no file, folder or link: a device, a socket. */
    public static final Answer OTHER = new Answer("other");

    /** It may not be looked at. */
    public static final Answer DENIED = new Answer("denied");

    /** To STAT: a file of this many bytes. */
    public static Answer file(long size, boolean executable) {
      return new Answer("file of " + size + " bytes" + (executable ? ", executable" : ""));
    }

    /** To CONTENT: a file holding these bytes. */
    public static Answer content(Digest digest, boolean executable) {
      return new Answer("content " + digest + (executable ? ", executable" : ""));
    }

    /** A symbolic link. */
    public static Answer link(String target) {
      return new Answer("link to " + target);
    }

    /** To LIST: a folder with these names and types, whose sorted list has this digest. */
    public static Answer names(int count, Digest digest) {
      return new Answer(count + " names " + digest);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public int compareTo(PathFact other) {
    int order = path.compareTo(other.path);
    return order != 0 ? order : kind.compareTo(other.kind);
  }
}
