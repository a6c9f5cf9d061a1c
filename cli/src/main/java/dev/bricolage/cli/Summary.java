package dev.bricolage.cli;

import dev.bricolage.fronts.run.RunReport;
import java.time.Duration;

/** The lines on stderr at the end of a run. */
final class Summary {
  private static final int NOTES_SHOWN = 5;

  private final Session session;

  Summary(Session session) {
    this.session = session;
  }

  void tell(long id, RunRecord run, RunReport report) {
    report.notes().stream().limit(NOTES_SHOWN).forEach(note -> session.tell("note: " + note));
    if (report.notes().size() > NOTES_SHOWN) {
      session.tell(
          "note: %d more; see 'bric log show %d'"
              .formatted(report.notes().size() - NOTES_SHOWN, id));
    }
    String time = readable(Duration.ofMillis(run.millis()));
    if (run.remembered()) {
      session.tell(coloured("remembered", "32") + " in " + time + saved(run) + written(run));
    } else {
      session.tell(
          coloured("ran", "33")
              + " in "
              + time
              + (run.at().isEmpty() ? "" : " at " + run.at())
              + because(run)
              + written(run)
              + tools(run)
              + kept(run));
    }
  }

  private static String tools(RunRecord run) {
    long remembered = run.tools().stream().filter(RunRecord.Tool::remembered).count();
    return remembered == 0
        ? ""
        : "; %d of %d tools remembered".formatted(remembered, run.tools().size());
  }

  private static String saved(RunRecord run) {
    return run.savedMillis() == 0
        ? ""
        : ", saved " + readable(Duration.ofMillis(run.savedMillis()));
  }

  private static String because(RunRecord run) {
    return switch (run.why()) {
      case "differs" -> ": " + difference(run);
      case "" -> "";
      default -> ": " + run.why();
    };
  }

  private static String difference(RunRecord run) {
    RunRecord.Difference first = run.differences().getFirst();
    int more = run.differences().size() - 1;
    return Explanation.place(first.path())
        + " is different"
        + (more == 0 ? "" : ", and " + more + " more");
  }

  private static String written(RunRecord run) {
    String text = run.written() == 0 ? "" : ", " + run.written() + " written";
    return text + (run.deleted() == 0 ? "" : ", " + run.deleted() + " deleted");
  }

  private static String kept(RunRecord run) {
    return run.forgotten().isEmpty() ? "" : "; not remembered: " + run.forgotten();
  }

  /** Milliseconds, seconds or minutes, whichever reads best. */
  static String readable(Duration time) {
    long millis = time.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return "%.1f s".formatted(millis / 1000.0);
    }
    return "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private String coloured(String word, String colour) {
    return session.colourStderr() ? "\033[" + colour + "m" + word + "\033[0m" : word;
  }
}
