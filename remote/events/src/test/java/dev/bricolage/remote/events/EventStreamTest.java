package dev.bricolage.remote.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.action.Digest;
import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Event.How;
import dev.bricolage.action.event.Event.Span;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.action.event.Product;
import dev.bricolage.action.event.Target;
import dev.bricolage.remote.protocol.Bep.Aborted.AbortReason;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import dev.bricolage.remote.protocol.Bep.BuildEvent.PayloadCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written of builds that come out in every way. */
final class EventStreamTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Target A = new Target("/w/out/a", "cc");
  private static final Target ALL = new Target("/w/out/all", "phony");
  private static final Event HERE = new Event.Located("/w");

  private final List<String> told = new ArrayList<>();

  @TempDir private Path folder;

  static Invocation invocation(List<String> asked) {
    return new Invocation(
        new UUID(1, 2),
        new UUID(3, 4),
        NOW,
        "ninja",
        List.of("-j2", "--build_event_json_file=e"),
        asked,
        "/w/out",
        "ann",
        "here",
        "bric 1",
        42,
        Map.of("ROLE", "CI"));
  }

  static Event.Performed performed(Target target, int status, String output) {
    return new Event.Performed(
        target,
        List.of(target.path()),
        target.kind(),
        List.of("/bin/sh", "-c", "make " + target.path()),
        status,
        How.RAN,
        Optional.of(new Span(NOW, NOW.plusMillis(20))),
        output.getBytes(StandardCharsets.UTF_8));
  }

  private static Event printed(String text) {
    return new Event.Printed(false, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The stream of these events, from both files, checked. */
  private List<BuildEvent> stream(boolean allActions, End.Result result, Event... events)
      throws Exception {
    Path json = folder.resolve("e.json");
    Path binary = folder.resolve("e.bin");
    EventStream stream =
        EventStream.open(
            new Publication(Optional.of(json), Optional.of(binary), Optional.empty(), allActions),
            invocation(List.of("all")),
            told::add);
    for (Event event : events) {
      stream.hear(event);
    }
    stream.end(new End(NOW.plusSeconds(2), result, result == End.Result.WELL ? 0 : 1), told::add);
    List<BuildEvent> written = StreamChecker.json(Files.readString(json));
    assertEquals(written, StreamChecker.binary(Files.readAllBytes(binary)));
    assertEquals(List.of(), StreamChecker.faults(written));
    assertEquals(List.of(), told);
    return written;
  }

  private static BuildEvent only(List<BuildEvent> stream, PayloadCase kind) {
    List<BuildEvent> found =
        stream.stream().filter(event -> event.getPayloadCase() == kind).toList();
    assertEquals(1, found.size(), kind + "");
    return found.getFirst();
  }

  private static long count(List<BuildEvent> stream, PayloadCase kind) {
    return stream.stream().filter(event -> event.getPayloadCase() == kind).count();
  }

  @Test
  void aBuildThatGoesWell() throws Exception {
    Product file = new Product("/w/out/a b", Optional.of(Digest.of("x")));
    List<BuildEvent> stream =
        stream(
            false,
            End.Result.WELL,
            HERE,
            new Event.Understood(List.of(ALL, ALL)),
            performed(A, 0, ""),
            new Event.Came(ALL, true, List.of(file), List.of()));
    assertEquals(
        "SUCCESS", only(stream, PayloadCase.FINISHED).getFinished().getExitCode().getName());
    assertEquals(
        "file:///w/out/a%20b",
        only(stream, PayloadCase.NAMED_SET_OF_FILES).getNamedSetOfFiles().getFiles(0).getUri());
    assertEquals(
        "//out:all", only(stream, PayloadCase.COMPLETED).getId().getTargetCompleted().getLabel());
    assertEquals(0, count(stream, PayloadCase.ACTION));
    assertEquals(0, count(stream, PayloadCase.ABORTED));
    assertEquals(
        1,
        only(stream, PayloadCase.BUILD_METRICS)
            .getBuildMetrics()
            .getActionSummary()
            .getActionsExecuted());
  }

  @Test
  void allActionsAreToldWhenAskedFor() throws Exception {
    List<BuildEvent> stream =
        stream(
            true,
            End.Result.WELL,
            HERE,
            new Event.Understood(List.of(A)),
            performed(A, 0, "a word\n"),
            performed(A, 0, ""),
            new Event.Came(A, true, List.of(), List.of()));
    assertEquals(
        List.of("out/a", "out/a#2"),
        stream.stream()
            .filter(BuildEvent::hasAction)
            .map(event -> event.getId().getActionCompleted().getPrimaryOutput())
            .toList());
  }

  @Test
  void aTargetFailsWithItsCulprits() throws Exception {
    List<BuildEvent> stream =
        stream(
            false,
            End.Result.FAILED,
            HERE,
            new Event.Understood(List.of(ALL)),
            performed(A, 3, "no such thing\n"),
            new Event.Came(ALL, false, List.of(), List.of(A)));
    BuildEvent action = only(stream, PayloadCase.ACTION);
    assertEquals(3, action.getAction().getExitCode());
    assertEquals("no such thing\n", action.getAction().getStdout().getContents().toStringUtf8());
    assertEquals(List.of(action.getId()), only(stream, PayloadCase.COMPLETED).getChildrenList());
    assertEquals(
        "BUILD_FAILURE", only(stream, PayloadCase.FINISHED).getFinished().getExitCode().getName());
  }

  @Test
  void anInterruptedBuildSaysSoOfWhatDoesNotCome() throws Exception {
    List<BuildEvent> stream =
        stream(
            false,
            End.Result.INTERRUPTED,
            HERE,
            new Event.Understood(List.of(A, ALL)),
            new Event.Came(A, true, List.of(), List.of()),
            printed("ninja: build stopped: interrupted by user.\n"));
    BuildEvent aborted = only(stream, PayloadCase.ABORTED);
    assertEquals("//out:all", aborted.getId().getTargetCompleted().getLabel());
    assertEquals(AbortReason.USER_INTERRUPTED, aborted.getAborted().getReason());
    assertEquals(
        "ninja: build stopped: interrupted by user.", aborted.getAborted().getDescription());
    assertEquals(8, only(stream, PayloadCase.FINISHED).getFinished().getExitCode().getCode());
  }

  @Test
  void aManifestThatCannotBeRead() throws Exception {
    List<BuildEvent> stream =
        stream(false, End.Result.FAILED, printed("ninja: error: loading 'build.ninja'\n"));
    assertEquals(
        AbortReason.LOADING_FAILURE, only(stream, PayloadCase.ABORTED).getAborted().getReason());
    assertEquals(
        "PARSING_FAILURE",
        only(stream, PayloadCase.FINISHED).getFinished().getExitCode().getName());
  }

  @Test
  void whatIsPrintedIsAllThereInItsOrder() throws Exception {
    String text =
        IntStream.range(0, 40_000)
            .mapToObj(line -> "zeile " + line + " \u00e4\u20ac\ud83d\ude00\n")
            .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
            .toString();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Event[] pieces =
        IntStream.iterate(0, at -> at < bytes.length, at -> at + 9973)
            .mapToObj(at ->
                new Event.Printed(
                    false,
                    java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 9973))))
            .toArray(Event[]::new);
    List<BuildEvent> stream = stream(false, End.Result.WELL, pieces);
    StringBuilder seen = new StringBuilder();
    stream.forEach(event -> seen.append(event.getProgress().getStdout()));
    assertEquals(text, seen.toString());
    stream.forEach(event -> assertEquals(true, event.getSerializedSize() < 1 << 20));
  }

  @Test
  void manyFilesComeInSetsThatFitIntoAMessage() throws Exception {
    List<Product> files =
        IntStream.range(0, 2500)
            .mapToObj(i -> new Product("/w/out/" + i, Optional.of(Digest.of("" + i))))
            .toList();
    List<BuildEvent> stream =
        stream(
            false,
            End.Result.WELL,
            HERE,
            new Event.Understood(List.of(ALL)),
            new Event.Came(ALL, true, files, List.of()));
    assertEquals(3, count(stream, PayloadCase.NAMED_SET_OF_FILES));
    assertEquals(
        3, only(stream, PayloadCase.COMPLETED).getCompleted().getOutputGroup(0).getFileSetsCount());
  }

  @Test
  void theCheckerFindsWhatIsWrong() throws Exception {
    List<BuildEvent> good = stream(false, End.Result.WELL, HERE, new Event.Understood(List.of(A)));
    List<BuildEvent> bad = new ArrayList<>(good);
    BuildEvent lost = bad.remove(3);
    assertEquals(1, StreamChecker.faults(bad).size(), () -> lost.toString());
    bad = new ArrayList<>(good);
    bad.add(2, good.get(1));
    assertEquals(List.of("comes twice: build_metadata { }"), StreamChecker.faults(bad));
    bad = good.subList(0, good.size() - 1);
    assertEquals(
        List.of("no last message", "never comes: build_metrics { }"), StreamChecker.faults(bad));
    bad = new ArrayList<>(good);
    bad.set(0, good.get(0).toBuilder().clearChildren().build());
    assertEquals("comes unannounced: build_metadata { }", StreamChecker.faults(bad).getFirst());
  }
}
