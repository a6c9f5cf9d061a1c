package dev.bricolage.fronts.ninja.status;

import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.Locale;

/** What {@code NINJA_STATUS} asks to be shown before each command. */
public final class StatusFormat {
  /** What holds when {@code NINJA_STATUS} is not set. */
  public static final String USUAL = "[%f/%t] ";

  private final String format;

  /** A format as the variable has it. */
  public StatusFormat(String format) {
    this.format = format;
  }

  /**
   * What to show.
   *
   * @throws NinjaError if the format has a placeholder that ninja 1.11 does not know; ninja too
   *     complains only when it has something to show
   */
  public String show(Progress progress) throws NinjaError {
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (true) {
      int sign = format.indexOf('%', from);
      if (sign < 0) {
        return out.append(format, from, format.length()).toString();
      }
      boolean last = sign + 1 == format.length();
      out.append(format, from, sign).append(value(last ? 0 : format.charAt(sign + 1), progress));
      from = sign + 2;
    }
  }

  private static String value(char placeholder, Progress progress) throws NinjaError {
    return switch (placeholder) {
      case '%' -> "%";
      case 's' -> String.valueOf(progress.started());
      case 't' -> String.valueOf(progress.total());
      case 'r' -> String.valueOf(progress.running());
      case 'u' -> String.valueOf(progress.total() - progress.started());
      case 'f' -> String.valueOf(progress.finished());
      case 'p' -> percent(progress);
      case 'o' -> rate(progress.finished() / (progress.elapsedMillis() / 1e3));
      case 'c' -> rate(progress.currentRate());
      case 'e' -> String.format(Locale.ROOT, "%.3f", progress.elapsedMillis() / 1e3);
      default ->
          throw NinjaError.fatal("unknown placeholder '%" + placeholder + "' in $NINJA_STATUS");
    };
  }

  private static String percent(Progress progress) {
    int percent = progress.total() == 0 ? 0 : 100 * progress.finished() / progress.total();
    return String.format(Locale.ROOT, "%3d%%", percent);
  }

  /** As C prints it, also before the first millisecond is over. */
  private static String rate(double rate) {
    if (rate == -1) {
      return "?";
    }
    if (Double.isNaN(rate)) {
      return "-nan";
    }
    return Double.isInfinite(rate) ? "inf" : String.format(Locale.ROOT, "%.1f", rate);
  }
}
