package dev.bricolage.execute;

import dev.bricolage.sandbox.InnerRequest;
import dev.bricolage.sandbox.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which resource limits are part of an inner run's key: those that leave a tool less than it
 * usually has. One that fails by a limit fails for a reason that no file tells of, and one that did
 * not need what others have is no answer for them where it matters: a limit decides the result or
 * it does not, and nobody but the tool knows.
 */
final class InnerLimits {
  /** Linux's own default, to which gcc's driver raises it, too. */
  private static final long USUAL_STACK = 8 << 20;

  /** No failure and no success comes of these. */
  private static final Set<Limit.Resource> WITHOUT_EFFECT =
      Set.of(
          Limit.Resource.CORE_BYTES, // who leaves a core was killed, and is not remembered
          Limit.Resource.RESIDENT_BYTES, // Linux keeps the number and does nothing
          Limit.Resource.LOCKS); // the same

  private InnerLimits() {}

  /** The limits that matter, {@code RESOURCE=SOFT:HARD} each; empty where all is as usual. */
  static String of(List<InnerRequest.Limited> limits) {
    List<String> told = new ArrayList<>();
    for (InnerRequest.Limited limited : limits) {
      Limit now = limited.now();
      if (!WITHOUT_EFFECT.contains(now.resource())
          && (isLower(now, limited.usual()) || isScarce(now))) {
        String resource = now.resource().name().toLowerCase(Locale.ROOT);
        told.add(resource + "=" + bound(now.soft()) + ":" + bound(now.hard()));
      }
    }
    return String.join(" ", told);
  }

  private static boolean isLower(Limit now, Limit usual) {
    return isBelow(now.soft(), usual.soft()) || isBelow(now.hard(), usual.hard());
  }

  private static boolean isBelow(OptionalLong one, OptionalLong other) {
    return Long.compareUnsigned(one.orElse(-1), other.orElse(-1)) < 0; // none is all bits
  }

  /** Also usual limits are, where the daemon itself was started under them. */
  private static boolean isScarce(Limit now) {
    return switch (now.resource()) {
      case CPU_SECONDS, FILE_BYTES, DATA_BYTES, ADDRESS_SPACE_BYTES -> now.soft().isPresent();
      case STACK_BYTES -> now.soft().orElse(USUAL_STACK) < USUAL_STACK;
      default -> false; // numbers of things, which differ between logins and suffice
    };
  }

  private static String bound(OptionalLong bound) {
    return bound.isEmpty() ? "-" : Long.toUnsignedString(bound.getAsLong());
  }
}
