package dev.bricolage.cli;

import dev.bricolage.execute.Execution;
import dev.bricolage.execute.InnerRun;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.NinjaReport;
import dev.bricolage.fronts.ninja.build.Told;
import dev.bricolage.fronts.run.RunReport;
import dev.bricolage.memo.Recall;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One line of the history, as {@code bric log} shows it and {@code --json} writes it.
 *
 * @param time when it was asked for, ISO 8601
 * @param answer {@code remembered} or {@code ran}
 * @param status the command's exit status
 * @param millis from the request to the end
 * @param savedMillis how much longer the command took when it ran; 0 when it ran now
 * @param questions how many were asked to find the memory, or were recorded
 * @param why why it ran: {@code first time}, {@code fresh}, {@code lost}, {@code differs}, or
 *     empty; {@code edges} for a build, each of whose edges has a reason of its own
 * @param differences for {@code differs}: each question with another answer
 * @param forgotten why the run is not remembered, or empty
 * @param written how many files, links and folders were written back
 * @param counters what observing took
 * @param tools the compilers and their like that it started, each remembered on its own; of a
 *     build, the edges that had something to do, up to a limit
 * @param at the server whose worker ran it; empty when it ran here
 */
public record RunRecord(
    String time,
    String workspace,
    String directory,
    List<String> command,
    String answer,
    int status,
    long millis,
    long savedMillis,
    int questions,
    String why,
    List<Difference> differences,
    String forgotten,
    int written,
    int deleted,
    List<String> notes,
    Map<String, Long> counters,
    List<Tool> tools,
    String at) {

  private static final String EDGES = "edges";

  /** Of an edge; there may be a thousand of those in one record. */
  private static final int MOST_DIFFERENCES = 20;

  /** A question and how its answer changed. */
  public record Difference(String question, String path, String remembered, String now) {
    /** With a path that is relative if it is of this workspace. */
    Difference within(Path workspace) {
      Path there = Path.of(path);
      return there.startsWith(workspace)
          ? new Difference(question, workspace.relativize(there) + "", remembered, now)
          : this;
    }
  }

  /** One tool, as in {@link InnerRun}. */
  public record Tool(
      List<String> command,
      String answer,
      long micros,
      long savedMicros,
      String why,
      List<Difference> differences,
      String forgotten,
      List<String> outputs) {
    /** Histories that were written before there were edges name no outputs. */
    public Tool {
      outputs = Objects.requireNonNullElse(outputs, List.of());
    }

    boolean remembered() {
      return answer.equals("remembered");
    }

    String line() {
      return String.join(" ", command);
    }

    /** Its program, without the folder. */
    String program() {
      return command.isEmpty() ? "" : command.getFirst().replaceFirst(".*/", "");
    }

    static Tool of(InnerRun run) {
      return new Tool(
          run.argv(),
          run.remembered() ? "remembered" : "ran",
          run.took().toNanos() / 1000,
          Math.max(0, run.saved().minus(run.took()).toNanos() / 1000),
          run.why(),
          run.differences().stream().map(RunRecord::difference).toList(),
          run.forgotten(),
          List.of());
    }

    /** An edge of a build in this folder. */
    static Tool of(Told edge, Path folder, Path workspace) {
      Reason reason = edge.why().map(Reason::of).orElse(Reason.NONE);
      return new Tool(
          List.of(edge.command().split(" ")),
          edge.ran() ? "ran" : "remembered",
          edge.millis() * 1000L,
          0,
          reason.why(),
          reason.differences().stream()
              .limit(MOST_DIFFERENCES)
              .map(d -> d.within(workspace))
              .toList(),
          edge.status() == 0 ? "" : "it failed",
          edge.outputs().stream().map(output -> folder.resolve(output).normalize() + "").toList());
    }
  }

  /** Histories that were written before there were tools have none. */
  public RunRecord {
    tools = Objects.requireNonNullElse(tools, List.of());
    at = Objects.requireNonNullElse(at, "");
  }

  private static Difference difference(Recall.Difference d) {
    return new Difference(d.question().kind(), d.question().subject(), d.remembered(), d.now());
  }

  /** What a build came to, asked for with these words. */
  static RunRecord of(Instant asked, List<String> words, NinjaReport report) {
    List<Tool> edges =
        report.told().stream()
            .map(edge -> Tool.of(edge, report.folder(), report.workspace()))
            .toList();
    boolean ran = report.untold() > 0 || edges.stream().anyMatch(edge -> !edge.remembered());
    return new RunRecord(
        asked.toString(),
        report.workspace().toString(),
        report.folder().toString(),
        words.stream().filter(word -> !word.equals(NinjaCommand.AS_NINJA)).toList(),
        ran ? "ran" : "remembered",
        report.status(),
        Duration.between(asked, Instant.now()).toMillis(),
        0,
        0,
        EDGES,
        List.of(),
        "",
        0,
        0,
        report.untold() == 0 ? List.of() : List.of(report.untold() + " more edges are not listed"),
        Map.of(),
        edges,
        "");
  }

  static RunRecord of(Instant asked, Path directory, List<String> command, RunReport report) {
    long millis = report.elapsed().toMillis();
    Builder builder = new Builder();
    switch (report.answered()) {
      case Runs.Answered.Remembered remembered -> {
        builder.answer = "remembered";
        builder.questions = remembered.questions();
        builder.savedMillis = Math.max(0, remembered.saved().toMillis() - millis);
      }
      case Runs.Answered.Ran ran -> {
        builder.answer = "ran";
        builder.questions = ran.execution().asked().size();
        builder.forgotten = ran.forgotten().orElse("");
        builder.counters = ran.execution().counters();
        builder.tools = ran.execution().tools().stream().map(Tool::of).toList();
        builder.at = ran.execution().elsewhere().map(Execution.Elsewhere::name).orElse("");
        builder.why(ran.why());
      }
    }
    return new RunRecord(
        asked.toString(),
        report.workspace().toString(),
        directory.toString(),
        command,
        builder.answer,
        report.status(),
        millis,
        builder.savedMillis,
        builder.questions,
        builder.why,
        builder.differences,
        builder.forgotten,
        report.written(),
        report.deleted(),
        report.notes(),
        builder.counters,
        builder.tools,
        builder.at);
  }

  /** What differs between the two ways to be answered. */
  private static final class Builder {
    private String answer = "";
    private int questions;
    private long savedMillis;
    private String why = "";
    private List<Difference> differences = List.of();
    private String forgotten = "";
    private Map<String, Long> counters = Map.of();
    private List<Tool> tools = List.of();
    private String at = "";

    void why(Runs.Why reason) {
      Reason words = Reason.of(reason);
      why = words.why();
      differences = words.differences();
    }
  }

  /** Why something ran, in a word. */
  private record Reason(String why, List<Difference> differences) {
    private static final Reason NONE = new Reason("", List.of());

    static Reason of(Runs.Why why) {
      return switch (why) {
        case Runs.Why.FirstTime first -> new Reason("first time", List.of());
        case Runs.Why.Fresh fresh -> new Reason("fresh", List.of());
        case Runs.Why.Lost lost -> new Reason("lost", List.of());
        case Runs.Why.Differs differs ->
            new Reason(
                "differs", differs.differences().stream().map(RunRecord::difference).toList());
      };
    }
  }

  /** Whether it was a build, of edges. */
  boolean isBuild() {
    return why.equals(EDGES);
  }

  /** The edges that made this file. */
  List<Tool> edgesFor(String file) {
    return tools.stream().filter(tool -> tool.outputs().contains(file)).toList();
  }

  /** The tools whose command lines hold this text. */
  List<Tool> toolsWith(String text) {
    return tools.stream().filter(tool -> tool.line().contains(text)).toList();
  }

  boolean remembered() {
    return answer.equals("remembered");
  }
}
