package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.PathFact;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The names in a folder, each with its type, as one answer: every view must encode them alike. */
public final class Listing {
  private final TreeSet<String> names = new TreeSet<>();

  /** A file's name. */
  public Listing file(String name) {
    names.add(name + "\0f");
    return this;
  }

  /** A subfolder's name. */
  public Listing folder(String name) {
    names.add(name + "\0d");
    return this;
  }

  /** A symbolic link's name. */
  public Listing link(String name) {
    names.add(name + "\0l");
    return this;
  }

  /** The name of anything else. */
  public Listing other(String name) {
    names.add(name + "\0o");
    return this;
  }

  /** All of it as an answer to {@code LIST}. */
  public PathFact.Answer answer() {
    List<String> lines = new ArrayList<>(names);
    return PathFact.Answer.names(lines.size(), Digest.of(String.join("\n", lines)));
  }
}
