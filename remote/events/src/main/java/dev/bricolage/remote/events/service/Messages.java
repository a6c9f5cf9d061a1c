package dev.bricolage.remote.events.service;

import com.google.protobuf.Any;
import com.google.protobuf.Int32Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.remote.protocol.Bep;
import dev.bricolage.remote.protocol.Bes.OrderedBuildEvent;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamRequest;
import dev.bricolage.remote.protocol.Bes.PublishLifecycleEventRequest;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent.BuildComponentStreamFinished;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent.BuildComponentStreamFinished.FinishType;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent.BuildEnqueued;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent.BuildFinished;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent.InvocationAttemptFinished;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent.InvocationAttemptStarted;
import dev.bricolage.remote.protocol.BesEvents.StreamId;
import dev.bricolage.remote.protocol.BesEvents.StreamId.BuildComponent;
import dev.bricolage.remote.protocol.BesStatus.BuildStatus;
import java.time.Instant;
import java.util.List;

/** The requests of one invocation, in the form that Bazel gives them. */
record Messages(Invocation invocation, String project) {
  private static final String TYPE = "type.googleapis.com";

  /** The build is there. */
  PublishLifecycleEventRequest enqueued() {
    return lifecycle(
        build(), 1, event(invocation.began()).setBuildEnqueued(BuildEnqueued.getDefaultInstance()));
  }

  /** It is tried, for the first time. */
  PublishLifecycleEventRequest started() {
    return lifecycle(
        attempt(BuildComponent.CONTROLLER),
        1,
        event(invocation.began())
            .setInvocationAttemptStarted(
                InvocationAttemptStarted.newBuilder().setAttemptNumber(1)));
  }

  /** The try has ended. */
  PublishLifecycleEventRequest ended(End end) {
    return lifecycle(
        attempt(BuildComponent.CONTROLLER),
        2,
        event(end.at())
            .setInvocationAttemptFinished(
                InvocationAttemptFinished.newBuilder().setInvocationStatus(status(end))));
  }

  /** There will be no other. */
  PublishLifecycleEventRequest finished(End end) {
    BuildStatus status =
        status(end).toBuilder().setFinalInvocationId(invocation.id().toString()).build();
    return lifecycle(
        build(), 2, event(end.at()).setBuildFinished(BuildFinished.newBuilder().setStatus(status)));
  }

  /** What the tool says, as it waits in the backlog. */
  static byte[] toolEvent(Bep.BuildEvent said) {
    return event(Instant.now()).setBazelEvent(Any.pack(said, TYPE)).build().toByteArray();
  }

  /** The tool says nothing more. */
  static byte[] toolFinished() {
    return event(Instant.now())
        .setComponentStreamFinished(
            BuildComponentStreamFinished.newBuilder().setType(FinishType.FINISHED))
        .build()
        .toByteArray();
  }

  /** An event of the backlog, in its place in the stream. */
  PublishBuildToolEventStreamRequest ordered(long number, byte[] waited)
      throws InvalidProtocolBufferException {
    PublishBuildToolEventStreamRequest.Builder request =
        PublishBuildToolEventStreamRequest.newBuilder()
            .setProjectId(project)
            .setOrderedBuildEvent(
                OrderedBuildEvent.newBuilder()
                    .setStreamId(attempt(BuildComponent.TOOL))
                    .setSequenceNumber(number)
                    .setEvent(BuildEvent.parseFrom(waited)));
    if (number == 1) {
      request.addAllNotificationKeywords(keywords());
    }
    return request.build();
  }

  private List<String> keywords() {
    return List.of("command_name=" + invocation.verb(), "protocol_name=BEP");
  }

  private StreamId build() {
    return StreamId.newBuilder()
        .setBuildId(invocation.build().toString())
        .setComponent(BuildComponent.CONTROLLER)
        .build();
  }

  private StreamId attempt(BuildComponent component) {
    return StreamId.newBuilder()
        .setBuildId(invocation.build().toString())
        .setInvocationId(invocation.id().toString())
        .setComponent(component)
        .build();
  }

  private PublishLifecycleEventRequest lifecycle(
      StreamId stream, long number, BuildEvent.Builder event) {
    return PublishLifecycleEventRequest.newBuilder()
        .setServiceLevel(PublishLifecycleEventRequest.ServiceLevel.INTERACTIVE)
        .setProjectId(project)
        .setBuildEvent(
            OrderedBuildEvent.newBuilder()
                .setStreamId(stream)
                .setSequenceNumber(number)
                .setEvent(event))
        .build();
  }

  private static BuildEvent.Builder event(Instant at) {
    return BuildEvent.newBuilder()
        .setEventTime(
            Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()));
  }

  private static BuildStatus status(End end) {
    BuildStatus.Result result =
        switch (end.result()) {
          case WELL -> BuildStatus.Result.COMMAND_SUCCEEDED;
          case FAILED -> BuildStatus.Result.COMMAND_FAILED;
          case MISUSED -> BuildStatus.Result.USER_ERROR;
          case INTERRUPTED -> BuildStatus.Result.CANCELLED;
          case HINDERED, BROKEN -> BuildStatus.Result.SYSTEM_ERROR;
        };
    return BuildStatus.newBuilder()
        .setResult(result)
        .setBuildToolExitCode(Int32Value.of(end.status()))
        .build();
  }
}
