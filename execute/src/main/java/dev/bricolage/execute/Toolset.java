package dev.bricolage.execute;

import java.util.List;

/**
 * What a workspace says of the tools that are remembered one by one: names, in which {@code *}
 * stands for any characters, or absolute paths. A name means the file it leads to, whatever else
 * that file is called.
 *
 * @param added programs that are remembered besides the usual ones
 * @param removed programs that are not: they are part of what starts them
 * @param never programs that are told of one by one, and run whenever they are asked for
 * @param fresh whether all of them run, and are remembered anew, whatever is known of them
 */
public record Toolset(List<String> added, List<String> removed, List<String> never, boolean fresh) {
  /** The usual compilers and their like, and nothing else. */
  public static final Toolset USUAL = new Toolset(List.of(), List.of(), List.of(), false);

  /** Copies. */
  public Toolset {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    never = List.copyOf(never);
  }

  /** The same tools, each of which runs. */
  Toolset anew() {
    return new Toolset(added, removed, never, true);
  }
}
