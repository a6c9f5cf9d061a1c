package dev.bricolage.fronts.ninja.standing;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.ninja.manifest.Ints;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * An edge that came out well. In a world in which its grounds hold, and below it everything has
 * come out as it had, it comes out so again.
 *
 * @param grounds the numbers of its {@link Grounds}; empty when they are not known, and it must be
 *     asked again
 * @param below the stamp of what the edges below had made
 * @param found the paths it has looked for that nobody said it would
 */
public record Settled(Ints grounds, Digest below, Made made, List<Integer> found) {

  /** Stands for what the edge and all below it have made. */
  public Digest stamp() {
    return stamp(List.of(below, made.digest()));
  }

  /** Stands for all of these together. */
  public static Digest stamp(List<Digest> stamps) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(stamps.size() * Digest.HASH_BYTES);
    for (Digest stamp : stamps) {
      all.writeBytes(stamp.hash());
    }
    return Digest.of(all.toByteArray());
  }
}
