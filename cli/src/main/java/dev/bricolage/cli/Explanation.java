package dev.bricolage.cli;

import static java.util.stream.Collectors.toList;

import dev.bricolage.fronts.run.RunFront;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs in words. */
final class Explanation {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());
  private static final Pattern LONG_HASH = Pattern.compile("\\b([0-9a-f]{12})[0-9a-f]{52}/(\\d+)");
  private static final int SHOWN = 20;

  private Explanation() {}

  /** Why this run ran, or that it did not. */
  static String of(RunRecord run) {
    StringBuilder text = new StringBuilder(command(run));
    if (run.isBuild()) {
      return text.append(edges(run)).toString();
    }
    text.append(
        run.remembered()
            ? "\n  was remembered: every one of "
            : "\n  ran" + (run.at().isEmpty() ? "" : " at " + run.at()));
    if (run.remembered()) {
      return text.append(run.questions()).append(" questions had the same answer\n").toString();
    }
    switch (run.why()) {
      case "first time" -> text.append(": first time\n");
      case "fresh" -> text.append(": --fresh was given\n");
      case "lost" -> text.append(": its result was remembered, but the store has lost it\n");
      default -> {
        text.append(" because\n");
        run.differences().stream().limit(SHOWN).forEach(d -> text.append(line(d)));
        if (run.differences().size() > SHOWN) {
          text.append("  and ").append(run.differences().size() - SHOWN).append(" more\n");
        }
      }
    }
    if (!run.forgotten().isEmpty()) {
      text.append("  and is not remembered: ").append(run.forgotten()).append('\n');
    }
    return text.toString();
  }

  private static String edges(RunRecord run) {
    long brought = run.tools().stream().filter(RunRecord.Tool::remembered).count();
    StringBuilder text = new StringBuilder("\n");
    text.append(
        "  %d edges ran, %d came from memory\n".formatted(run.tools().size() - brought, brought));
    run.tools().stream()
        .filter(edge -> !edge.remembered())
        .limit(SHOWN)
        .forEach(edge -> text.append(tool("  ", edge)));
    return text.toString();
  }

  /** How a file came to be. */
  static String ofFile(String file, History.Numbered run, List<RunRecord.Tool> edges) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: run %d, %s\n"
            .formatted(file, run.id(), MINUTE.format(Instant.parse(run.run().time()))));
    edges.forEach(edge -> text.append(tool("  ", edge)));
    return text.toString();
  }

  private static String line(RunRecord.Difference difference) {
    return "  "
        + place(difference.path())
        + ": "
        + brief(difference.remembered())
        + " -> "
        + brief(difference.now())
        + "\n";
  }

  /** A path as the user knows it. */
  static String place(String path) {
    if (path.equals(RunFront.MOUNT)) {
      return ".";
    }
    return path.startsWith(RunFront.MOUNT + "/")
        ? path.substring(RunFront.MOUNT.length() + 1)
        : path;
  }

  /** Digests shortened to what people compare. */
  private static String brief(String answer) {
    return LONG_HASH.matcher(answer).replaceAll("$1 ($2 bytes)");
  }

  private static String command(RunRecord run) {
    return String.join(" ", run.command());
  }

  /** Many runs, a line each. */
  static String table(List<History.Numbered> runs) {
    if (runs.isEmpty()) {
      return "no runs yet\n";
    }
    StringBuilder text =
        new StringBuilder(
            "%6s  %-16s  %-10s  %6s  %8s  %8s  %s%n"
                .formatted("ID", "WHEN", "ANSWER", "STATUS", "TIME", "SAVED", "COMMAND"));
    for (History.Numbered entry : runs) {
      RunRecord run = entry.run();
      text.append(
          "%6d  %-16s  %-10s  %6d  %8s  %8s  %s  (%s)%n"
              .formatted(
                  entry.id(),
                  MINUTE.format(Instant.parse(run.time())),
                  run.answer(),
                  run.status(),
                  Summary.readable(Duration.ofMillis(run.millis())),
                  run.savedMillis() == 0
                      ? "-"
                      : Summary.readable(Duration.ofMillis(run.savedMillis())),
                  command(run),
                  run.directory()));
    }
    return text.toString();
  }

  /** Tools by program: how often asked for, remembered, run, and what that cost and saved. */
  private static String tools(RunRecord run) {
    if (run.tools().isEmpty()) {
      return "";
    }
    Map<String, List<RunRecord.Tool>> programs =
        run.tools().stream()
            .collect(Collectors.groupingBy(RunRecord.Tool::program, TreeMap::new, toList()));
    StringBuilder text =
        new StringBuilder(
            "  %-24s  %6s  %10s  %6s  %10s  %8s  %8s%n"
                .formatted("TOOL", "ASKED", "REMEMBERED", "RAN", "NOT KEPT", "SLOWEST", "SAVED"));
    programs.forEach((program, tools) -> text.append(counts(program, tools)));
    if (programs.size() > 1) {
      text.append(counts("all", run.tools()));
    }
    run.tools().stream()
        .filter(tool -> !tool.remembered())
        .forEach(tool -> text.append(tool("  ", tool)));
    return text.toString();
  }

  private static String counts(String program, List<RunRecord.Tool> tools) {
    long remembered = tools.stream().filter(RunRecord.Tool::remembered).count();
    long unkept = tools.stream().filter(tool -> !tool.forgotten().isEmpty()).count();
    long slowest = tools.stream().mapToLong(RunRecord.Tool::micros).max().orElse(0);
    long saved = tools.stream().mapToLong(RunRecord.Tool::savedMicros).sum();
    return "  %-24s  %6d  %10d  %6d  %10d  %8s  %8s%n"
        .formatted(
            program,
            tools.size(),
            remembered,
            tools.size() - remembered,
            unkept,
            Summary.readable(Duration.ofNanos(slowest * 1000)),
            Summary.readable(Duration.ofNanos(saved * 1000)));
  }

  /** Why these tools, which a run started, ran or did not. */
  static String ofTools(long id, List<RunRecord.Tool> tools) {
    StringBuilder text = new StringBuilder("in run " + id + "\n");
    tools.forEach(tool -> text.append(tool("", tool)));
    return text.toString();
  }

  private static String tool(String indent, RunRecord.Tool tool) {
    StringBuilder text = new StringBuilder(indent).append(tool.line());
    if (tool.remembered()) {
      return text.append("\n").append(indent).append("  was remembered\n").toString();
    }
    text.append("\n").append(indent).append("  ran");
    if (tool.why().isEmpty()) {
      text.append('\n');
    } else if (tool.differences().isEmpty()) {
      text.append(": ").append(tool.why()).append('\n');
    } else {
      text.append(" because\n");
      tool.differences().stream().limit(SHOWN).forEach(d -> text.append(indent).append(line(d)));
    }
    if (!tool.forgotten().isEmpty()) {
      text.append(indent).append("  and is not remembered: ").append(tool.forgotten()).append('\n');
    }
    return text.toString();
  }

  /** Everything about one. */
  static String whole(long id, RunRecord run) {
    StringBuilder text = new StringBuilder();
    text.append("run ").append(id).append(", ").append(run.time()).append('\n');
    text.append("  in       ").append(run.directory()).append('\n');
    text.append("  answer   ").append(run.answer()).append('\n');
    text.append("  status   ").append(run.status()).append('\n');
    text.append("  time     ").append(run.millis()).append(" ms, saved ");
    text.append(run.savedMillis()).append(" ms\n");
    text.append("  asked    ").append(run.questions()).append(" questions\n");
    text.append("  written  ").append(run.written()).append(", deleted ").append(run.deleted());
    text.append('\n');
    run.counters()
        .forEach(
            (name, value) -> text.append("  ").append(name).append(' ').append(value).append('\n'));
    text.append(tools(run));
    run.notes().forEach(note -> text.append("  note: ").append(note).append('\n'));
    return text.append(of(run)).toString();
  }
}
