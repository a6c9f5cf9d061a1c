package dev.bricolage.remote.events.bep;

import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Product;
import dev.bricolage.remote.protocol.Bep.BuildMetrics;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.ActionSummary;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.ActionSummary.ActionData;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.ActionSummary.RunnerCount;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.ArtifactMetrics;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.ArtifactMetrics.FilesMetric;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.TargetMetrics;
import dev.bricolage.remote.protocol.Bep.BuildMetrics.TimingMetrics;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what was done. */
final class Tally {
  /** Bazel lists as many kinds. */
  private static final int MOST_KINDS = 20;

  private final Map<String, ActionData.Builder> kinds = new HashMap<>();
  private int ran;
  private int remembered;
  private int unchanged;
  private int targets;
  private int products;
  private long bytes;
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;

  void count(Event.Performed action) {
    switch (action.how()) {
      case RAN -> {
        ran++;
        kind(action.kind(), action.when());
      }
      case REMEMBERED -> remembered++;
      case UNCHANGED -> unchanged++;
    }
  }

  private void kind(String name, Optional<Event.Span> when) {
    ActionData.Builder kind =
        kinds.computeIfAbsent(name, mnemonic -> ActionData.newBuilder().setMnemonic(mnemonic));
    kind.setActionsExecuted(kind.getActionsExecuted() + 1);
    when.ifPresent(span -> span(kind, span));
  }

  private void span(ActionData.Builder kind, Event.Span span) {
    long began = span.began().toEpochMilli();
    first = span.began().isBefore(first) ? span.began() : first;
    last = span.ended().isAfter(last) ? span.ended() : last;
    kind.setFirstStartedMs(
            kind.getFirstStartedMs() == 0 ? began : Math.min(kind.getFirstStartedMs(), began))
        .setLastEndedMs(Math.max(kind.getLastEndedMs(), span.ended().toEpochMilli()));
  }

  void targets(int number) {
    targets = number;
  }

  void count(List<Product> made) {
    products += made.size();
    bytes += made.stream().mapToLong(file -> file.digest().map(d -> d.size()).orElse(0L)).sum();
  }

  /** In Bazel's words: what memory answered is for it a hit of the disk cache. */
  BuildMetrics metrics(long wallMillis) {
    ActionSummary.Builder actions =
        ActionSummary.newBuilder()
            .setActionsCreated(ran + remembered + unchanged)
            .setActionsExecuted(ran + remembered)
            .addRunnerCount(runner("total", ran + remembered + unchanged, ""));
    if (remembered + unchanged > 0) {
      actions.addRunnerCount(runner("disk cache hit", remembered + unchanged, ""));
    }
    if (ran > 0) {
      actions.addRunnerCount(runner("linux-sandbox", ran, "Local"));
    }
    kinds.values().stream()
        .sorted(
            Comparator.comparingLong(ActionData.Builder::getActionsExecuted)
                .reversed()
                .thenComparing(ActionData.Builder::getMnemonic))
        .limit(MOST_KINDS)
        .forEach(actions::addActionData);
    return BuildMetrics.newBuilder()
        .setActionSummary(actions)
        .setTargetMetrics(TargetMetrics.newBuilder().setTargetsConfigured(targets))
        .setTimingMetrics(
            TimingMetrics.newBuilder()
                .setWallTimeInMs(wallMillis)
                .setExecutionPhaseTimeInMs(
                    first.isAfter(last) ? 0 : last.toEpochMilli() - first.toEpochMilli()))
        .setArtifactMetrics(
            ArtifactMetrics.newBuilder()
                .setTopLevelArtifacts(
                    FilesMetric.newBuilder().setCount(products).setSizeInBytes(bytes)))
        .build();
  }

  private static RunnerCount runner(String name, int count, String kind) {
    return RunnerCount.newBuilder().setName(name).setCount(count).setExecKind(kind).build();
  }
}
