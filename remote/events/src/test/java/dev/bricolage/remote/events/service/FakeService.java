package dev.bricolage.remote.events.service;

import com.google.protobuf.Empty;
import dev.bricolage.remote.protocol.Bep;
import dev.bricolage.remote.protocol.Bes.OrderedBuildEvent;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamRequest;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamResponse;
import dev.bricolage.remote.protocol.Bes.PublishLifecycleEventRequest;
import dev.bricolage.remote.protocol.BesEvents.BuildEvent;
import dev.bricolage.remote.protocol.PublishBuildEventGrpc.PublishBuildEventImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A build event service whose manners are a test's. */
final class FakeService extends PublishBuildEventImplBase {
  /** What it does with one event of a stream. */
  interface Manners {
    void take(long number, int stream, StreamObserver<PublishBuildToolEventStreamResponse> answers);

    /** The client says nothing more on this stream. */
    default void halfClosed(StreamObserver<PublishBuildToolEventStreamResponse> answers) {
      answers.onCompleted();
    }
  }

  private final Manners manners;
  private final Status lifecycle;
  private final List<String> lifecycleEvents = new ArrayList<>();
  private final SortedMap<Long, OrderedBuildEvent> events = new TreeMap<>();
  private final List<Long> beginnings = new ArrayList<>();
  private final List<String> keywords = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int streams;

  FakeService(Status lifecycle, Manners manners) {
    this.lifecycle = lifecycle;
    this.manners = manners;
  }

  static void acknowledge(
      long number, StreamObserver<PublishBuildToolEventStreamResponse> answers) {
    answers.onNext(
        PublishBuildToolEventStreamResponse.newBuilder().setSequenceNumber(number).build());
  }

  @Override
  public synchronized void publishLifecycleEvent(
      PublishLifecycleEventRequest request, StreamObserver<Empty> answer) {
    OrderedBuildEvent event = request.getBuildEvent();
    lifecycleEvents.add(
        "%s %d %s %s"
            .formatted(
                request.getProjectId(),
                event.getSequenceNumber(),
                event.getStreamId().getComponent(),
                event.getEvent().getEventCase()));
    if (!lifecycle.isOk()) {
      answer.onError(lifecycle.asException());
      return;
    }
    answer.onNext(Empty.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public StreamObserver<PublishBuildToolEventStreamRequest> publishBuildToolEventStream(
      StreamObserver<PublishBuildToolEventStreamResponse> answers) {
    int stream;
    synchronized (this) {
      stream = ++streams;
    }
    return new StreamObserver<>() {
      private long last;

      @Override
      public void onNext(PublishBuildToolEventStreamRequest request) {
        OrderedBuildEvent event = request.getOrderedBuildEvent();
        take(event, request.getNotificationKeywordsList(), last == 0, last);
        last = event.getSequenceNumber();
        manners.take(last, stream, answers);
      }

      @Override
      public void onError(Throwable cut) {}

      @Override
      public void onCompleted() {
        manners.halfClosed(answers);
      }
    };
  }

  private synchronized void take(
      OrderedBuildEvent event, List<String> words, boolean first, long before) {
    long number = event.getSequenceNumber();
    if (first) {
      beginnings.add(number);
      keywords.addAll(words);
    } else if (number != before + 1) {
      faults.add(number + " comes after " + before);
    }
    OrderedBuildEvent known = events.put(number, event);
    if (known != null && !known.equals(event)) {
      faults.add(number + " is another the second time");
    }
  }

  /** What broke the rules of the service. */
  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  synchronized List<String> lifecycleEvents() {
    return List.copyOf(lifecycleEvents);
  }

  synchronized List<String> keywords() {
    return List.copyOf(keywords);
  }

  /** The number of the first event on each stream. */
  synchronized List<Long> beginnings() {
    return List.copyOf(beginnings);
  }

  synchronized List<Long> numbers() {
    return List.copyOf(events.keySet());
  }

  /** What the tool said, and nothing but its end besides. */
  synchronized List<Bep.BuildEvent> said() throws Exception {
    List<Bep.BuildEvent> said = new ArrayList<>();
    for (OrderedBuildEvent event : events.values()) {
      BuildEvent inner = event.getEvent();
      if (inner.hasBazelEvent()) {
        said.add(inner.getBazelEvent().unpack(Bep.BuildEvent.class));
      } else if (!inner.hasComponentStreamFinished()) {
        faults.add("neither an event nor the end: " + inner.getEventCase());
      }
    }
    return said;
  }
}
