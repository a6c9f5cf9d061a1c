package dev.bricolage.execute;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a workspace says of the tools that are remembered one by one: names, in which {@code *}
 * stands for any characters, or absolute paths. A name means the file it leads to, whatever else
 * that file is called.
 *
 * @param added programs that are remembered besides the usual ones
 * @param removed programs that are not: they are part of what starts them
 * @param never programs that are told of one by one, and run whenever they are asked for
 * @param fresh whether all of them run, and are remembered anew, whatever is known of them
 * @param recorder which programs note their lookups themselves; the facts are the same
 */
public record Toolset(
    List<String> added,
    List<String> removed,
    List<String> never,
    boolean fresh,
    Recorder recorder) {
  /** The usual compilers and their like, and nothing else. */
  public static final Toolset USUAL = of(List.of(), List.of(), List.of());

  /** No tools: what a command starts is part of it. */
  public static final Toolset NONE = of(List.of(), List.of("*"), List.of());

  /** Copies. */
  public Toolset {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    never = List.copyOf(never);
  }

  /** These tools, remembered and watched as usual. */
  public static Toolset of(List<String> added, List<String> removed, List<String> never) {
    return new Toolset(added, removed, never, false, Recorder.ON);
  }

  /** What a workspace says, as one text: each program in a line, after +, - or ! for never. */
  public String text() {
    return Stream.of(
            added.stream().map(name -> "+" + name),
            removed.stream().map(name -> "-" + name),
            never.stream().map(name -> "!" + name))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  /** Reads such a text; a line that begins otherwise says nothing. */
  public static Toolset parse(String text) {
    List<String> lines = text.lines().filter(line -> line.length() > 1).toList();
    return of(marked('+', lines), marked('-', lines), marked('!', lines));
  }

  private static List<String> marked(char mark, List<String> lines) {
    return lines.stream()
        .filter(line -> line.charAt(0) == mark)
        .map(line -> line.substring(1))
        .toList();
  }

  /** Whether no program at all is caught. */
  boolean isEmpty() {
    return removed.contains("*") && added.isEmpty() && never.isEmpty();
  }

  /** The same tools, each of which runs. */
  Toolset anew() {
    return new Toolset(added, removed, never, true, recorder);
  }

  /** The same tools, watched in another way. */
  public Toolset watchedWith(Recorder other) {
    return new Toolset(added, removed, never, fresh, other);
  }
}
