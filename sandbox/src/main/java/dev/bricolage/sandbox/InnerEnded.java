package dev.bricolage.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the tool of an inner run ended, and what it did.
 *
 * @param exit {@link Ended.Exited} or {@link Ended.Killed}
 * @param sightings what it asked of the files as they were then, the outputs of earlier tools
 *     included
 * @param changed physical paths that it made, wrote, renamed or removed, or tried to, in places
 *     that can be written to. Its outputs are those of them that are there now (of a directory that
 *     was renamed: all below it); the others were temporary, or it removed them
 * @param output what it wrote to stdout and stderr where those were files, pipes or sockets, and to
 *     stderr that was {@code /dev/null}. It has gone where it belongs
 * @param used inherited descriptors that it read from, wrote to or duplicated, other than captured
 *     output, output to {@code /dev/null}, input that {@link InnerRequest#input} gave, and harmless
 *     ones. An inner run that used any is not a function of its key
 * @param leftBehind processes of it go on after its end: a server that must not be forgotten
 * @param torn somebody stopped listening before it had said all
 * @param killed how many of its processes are known to have been ended by a signal, not counting
 *     its own first one; empty when none is and it is not known of all, as before Linux 6.15
 * @param unobserved why this may be incomplete; neither such an inner run must be remembered, nor
 *     the run that it is part of
 */
public record InnerEnded(
    Ended.Exit exit,
    Ended.Usage usage,
    List<Sighting> sightings,
    List<String> changed,
    List<Output> output,
    Set<Integer> used,
    boolean leftBehind,
    boolean torn,
    OptionalInt killed,
    Optional<String> unobserved) {
  public InnerEnded {
    sightings = List.copyOf(sightings);
    changed = List.copyOf(changed);
    output = List.copyOf(output);
    used = Set.copyOf(used);
  }
}
