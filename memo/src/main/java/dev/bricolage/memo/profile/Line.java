package dev.bricolage.memo.profile;

/** One event of the format, as it is written. */
final class Line {
  /** All is one process; the number means nothing. */
  private static final String PROCESS = ",\"pid\":1,\"tid\":";

  private final StringBuilder text = new StringBuilder(128);

  /**
   * An event.
   *
   * @param phase {@code B} and {@code E} for a slice, {@code i} for a mark, {@code M} for a name
   * @param track the id of its thread
   * @param nanos when, since the trace began
   */
  Line(char phase, String name, long track, long nanos) {
    text.append("{\"ph\":\"").append(phase).append("\",\"name\":");
    Json.quote(name, text).append(PROCESS).append(track).append(",\"ts\":");
    micros(nanos);
    text.append('}');
  }

  Line category(String category) {
    return member("cat", category);
  }

  Line scope(char scope) {
    return member("s", String.valueOf(scope));
  }

  Line args(Args args) {
    if (!args.isEmpty()) {
      open().append(",\"args\":{").append(args.text()).append("}}");
    }
    return this;
  }

  private Line member(String name, String value) {
    Json.quote(name, open().append(','));
    Json.quote(value, text.append(':')).append('}');
    return this;
  }

  /** Takes the closing brace away, to write on. */
  private StringBuilder open() {
    text.setLength(text.length() - 1);
    return text;
  }

  /** Microseconds with all three digits behind the point, and without the rounding of doubles. */
  private void micros(long nanos) {
    long rest = Math.floorMod(nanos, 1000L);
    text.append(Math.floorDiv(nanos, 1000L)).append('.');
    text.append((char) ('0' + rest / 100));
    text.append((char) ('0' + rest / 10 % 10));
    text.append((char) ('0' + rest % 10));
  }

  /** The event; not to be written to any more. */
  CharSequence text() {
    return text;
  }
}
