package dev.bricolage.remote.events.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.action.event.Target;
import dev.bricolage.remote.events.StreamChecker;
import dev.bricolage.remote.events.bep.Addresses;
import dev.bricolage.remote.events.bep.Translation;
import dev.bricolage.remote.events.service.FakeService.Manners;
import dev.bricolage.remote.protocol.Bep;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What arrives, whatever the service's manners, and what is told when not all does. */
@Timeout(30)
final class UploadTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final End WELL = new End(NOW, End.Result.WELL, 0);
  private static final Pace QUICK =
      new Pace(Duration.ofMillis(1), Duration.ofMillis(5), 5, Duration.ofSeconds(20));
  private static final Manners SILENT =
      new Manners() {
        @Override
        public void take(
            long number, int stream, StreamObserver<PublishBuildToolEventStreamResponse> answers) {}

        @Override
        public void halfClosed(StreamObserver<PublishBuildToolEventStreamResponse> answers) {}
      };
  private static final Manners POLITE =
      (number, stream, answers) -> FakeService.acknowledge(number, answers);

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private Optional<Server> server = Optional.empty();
  private Optional<ManagedChannel> channel = Optional.empty();

  @TempDir private Path scratch;

  @AfterEach
  void close() {
    server.ifPresent(Server::shutdownNow);
    channel.ifPresent(ManagedChannel::shutdownNow);
  }

  private FakeService serve(Status lifecycle, Manners manners) throws Exception {
    FakeService service = new FakeService(lifecycle, manners);
    ServerInterceptor watch =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            keys.add(
                String.valueOf(
                    headers.get(Metadata.Key.of("x-key", Metadata.ASCII_STRING_MARSHALLER))));
            return next.startCall(call, headers);
          }
        };
    String name = InProcessServerBuilder.generateName();
    server =
        Optional.of(
            InProcessServerBuilder.forName(name)
                .addService(ServerInterceptors.intercept(service, watch))
                .build()
                .start());
    channel = Optional.of(InProcessChannelBuilder.forName(name).build());
    return service;
  }

  private Upload upload(Pace pace, long mostInMemory, Optional<Duration> patience) {
    return upload(pace, mostInMemory, patience, true);
  }

  private Upload upload(Pace pace, long mostInMemory, Optional<Duration> patience, boolean waits) {
    Destination destination =
        new Destination(
            "bes",
            1985,
            false,
            List.of(new Destination.Header("x-key", "sesame")),
            "ours",
            patience,
            waits,
            Optional.empty(),
            scratch);
    Upload upload =
        new Upload(destination, invocation(), told::add, pace, mostInMemory, channel::orElseThrow);
    upload.begin();
    return upload;
  }

  private Upload upload() {
    return upload(QUICK, 1 << 20, Optional.empty());
  }

  private static Invocation invocation() {
    return new Invocation(
        new UUID(1, 2),
        new UUID(3, 4),
        NOW,
        "ninja",
        List.of(),
        List.of("all"),
        "/w",
        "ann",
        "here",
        "bric 1",
        42,
        Map.of());
  }

  /** A build of so many lines, each an event. */
  private static List<Bep.BuildEvent> build(int lines) {
    List<Bep.BuildEvent> events = new ArrayList<>();
    Translation translation = new Translation(invocation(), false, Addresses.ON_DISK, events::add);
    translation.hear(new Event.Located("/w"));
    Target all = new Target("/w/all", "phony");
    translation.hear(new Event.Understood(List.of(all)));
    for (int line = 0; line < lines; line++) {
      translation.hear(
          new Event.Printed(false, ("line " + line + "\n").getBytes(StandardCharsets.UTF_8)));
      translation.flush();
    }
    translation.hear(new Event.Came(all, true, List.of(), List.of()));
    translation.end(WELL);
    return events;
  }

  /** Sends it all and waits; the service must have all of it, and nobody is told anything. */
  private void arrives(FakeService service, Upload upload, List<Bep.BuildEvent> events)
      throws Exception {
    events.forEach(upload::add);
    upload.end(WELL);
    upload.await(told::add);
    arrived(service, events);
  }

  private void arrived(FakeService service, List<Bep.BuildEvent> events) throws Exception {
    assertEquals(List.of(), told);
    assertEquals(events, service.said());
    assertEquals(List.of(), StreamChecker.faults(service.said()));
    assertEquals(LongStream.rangeClosed(1, events.size() + 1).boxed().toList(), service.numbers());
    assertEquals(List.of(), service.faults());
    assertEquals(
        List.of(
            "ours 1 CONTROLLER BUILD_ENQUEUED",
            "ours 1 CONTROLLER INVOCATION_ATTEMPT_STARTED",
            "ours 2 CONTROLLER INVOCATION_ATTEMPT_FINISHED",
            "ours 2 CONTROLLER BUILD_FINISHED"),
        service.lifecycleEvents());
    assertEquals(Set.of("sesame"), keys);
  }

  @Test
  void allArrivesInItsOrder() throws Exception {
    FakeService service = serve(Status.OK, POLITE);
    arrives(service, upload(), build(200));
    assertEquals(List.of(1L), service.beginnings());
    assertEquals(List.of("command_name=ninja", "protocol_name=BEP"), service.keywords());
  }

  @Test
  void afterEachCutItGoesOnWithTheFirstThatWasNotAcknowledged() throws Exception {
    Manners cutting =
        (number, stream, answers) -> {
          if (number % 10 == 0 && stream <= number / 10) {
            answers.onError(Status.UNAVAILABLE.withDescription("cut").asException());
          } else {
            FakeService.acknowledge(number, answers);
          }
        };
    FakeService service = serve(Status.OK, cutting);
    arrives(service, upload(), build(50));
    assertEquals(List.of(1L, 10L, 20L, 30L, 40L, 50L, 60L), service.beginnings());
  }

  @Test
  void acknowledgementsMayComeInAnyOrder() throws Exception {
    List<Long> waiting = new ArrayList<>();
    Manners backwards =
        new Manners() {
          @Override
          public void take(
              long number,
              int stream,
              StreamObserver<PublishBuildToolEventStreamResponse> answers) {
            waiting.add(number);
            if (waiting.size() == 7) {
              answer(answers);
            }
          }

          @Override
          public void halfClosed(StreamObserver<PublishBuildToolEventStreamResponse> answers) {
            answer(answers);
            answers.onCompleted();
          }

          private void answer(StreamObserver<PublishBuildToolEventStreamResponse> answers) {
            waiting.reversed().forEach(number -> FakeService.acknowledge(number, answers));
            FakeService.acknowledge(4711, answers);
            waiting.clear();
          }
        };
    arrives(serve(Status.OK, backwards), upload(), build(60));
  }

  @Test
  void aStreamThatEndsBeforeItsTimeIsBegunAgain() throws Exception {
    Manners early =
        (number, stream, answers) -> {
          FakeService.acknowledge(number, answers);
          if (number == 5 && stream == 1) {
            answers.onCompleted();
          }
        };
    FakeService service = serve(Status.OK, early);
    arrives(service, upload(), build(20));
    assertEquals(List.of(1L, 6L), service.beginnings());
  }

  @Test
  void aServiceThatSaysNothingIsAskedAgain() throws Exception {
    Manners deaf =
        (number, stream, answers) -> {
          if (stream > 1) {
            FakeService.acknowledge(number, answers);
          }
        };
    Pace pace = new Pace(QUICK.first(), QUICK.longest(), 5, Duration.ofMillis(300));
    FakeService service = serve(Status.OK, deaf);
    arrives(service, upload(pace, 1 << 20, Optional.empty()), build(3));
    assertEquals(List.of(1L, 1L), service.beginnings());
  }

  @Test
  void whatDoesNotFitIntoMemoryWaitsOnTheDisk() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    Manners slow =
        (number, stream, answers) -> {
          try {
            open.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          FakeService.acknowledge(number, answers);
        };
    FakeService service = serve(Status.OK, slow);
    Upload upload = upload(QUICK, 4000, Optional.empty());
    List<Bep.BuildEvent> events = build(2000);
    events.forEach(upload::add);
    assertTrue(upload.spilled() > 100_000, () -> upload.spilled() + " bytes");
    try (Stream<Path> files = Files.list(scratch)) {
      assertEquals(0, files.count(), "the file has a name, and would outlive a killed daemon");
    }
    open.countDown();
    upload.end(WELL);
    upload.await(told::add);
    arrived(service, events);
  }

  private void tellsInstead(Upload upload, List<Bep.BuildEvent> events, String expected)
      throws Exception {
    events.forEach(upload::add);
    upload.end(WELL);
    upload.await(told::add);
    assertEquals(List.of(expected), told);
  }

  @Test
  void whoIsRefusedIsToldOnce() throws Exception {
    FakeService service = serve(Status.PERMISSION_DENIED.withDescription("no such key"), POLITE);
    List<Bep.BuildEvent> events = build(3);
    Upload upload = upload();
    upload.await(told::add);
    String line =
        "the build event service at bes:1985: PERMISSION_DENIED: no such key; 0 of 0 events have"
            + " not arrived";
    assertEquals(List.of(line), told);
    events.forEach(upload::add);
    upload.end(WELL);
    upload.await(told::add);
    assertEquals(List.of(line), told);
    assertEquals(1, service.lifecycleEvents().size());
  }

  @Test
  void whatFailsAgainAndAgainIsGivenUp() throws Exception {
    FakeService service =
        serve(
            Status.OK,
            (number, stream, answers) -> {
              if (number < 3) {
                FakeService.acknowledge(number, answers);
              } else {
                answers.onError(Status.UNAVAILABLE.withDescription("try later").asException());
              }
            });
    List<Bep.BuildEvent> events = build(1);
    int all = events.size() + 1;
    tellsInstead(
        upload(),
        events,
        "the build event service at bes:1985: UNAVAILABLE: try later; %d of %d events have not"
                .formatted(all - 2, all)
            + " arrived");
    assertEquals(List.of(1L, 3L, 3L, 3L, 3L), service.beginnings());
  }

  @Test
  void patienceHasAnEnd() throws Exception {
    serve(Status.OK, SILENT);
    List<Bep.BuildEvent> events = build(1);
    int all = events.size() + 1;
    tellsInstead(
        upload(QUICK, 1 << 20, Optional.of(Duration.ofMillis(300))),
        events,
        "the build event service at bes:1985: it takes longer than --bes_timeout; %d of %d events"
                .formatted(all, all)
            + " have not arrived");
  }

  @Test
  void whoInterruptsTheWaitIsToldWhatHasNotArrived() throws Exception {
    serve(Status.OK, SILENT);
    Upload upload = upload();
    build(1).forEach(upload::add);
    upload.end(WELL);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> upload.await(told::add));
    assertTrue(told.getFirst().contains(": the wait for it was interrupted; "), told.toString());
  }

  /**
   * <pre>
   *   user     add ... end, await: returns
   *   service                              answers at last
   * </pre>
   */
  @Test
  void whoDoesNotWaitIsGoneWhenItArrives() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    FakeService service =
        serve(
            Status.OK,
            (number, stream, answers) -> {
              try {
                gone.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              FakeService.acknowledge(number, answers);
            });
    List<Bep.BuildEvent> events = build(5);
    Upload upload = upload(QUICK, 1 << 20, Optional.empty(), false);
    events.forEach(upload::add);
    upload.end(WELL);
    List<String> later = Collections.synchronizedList(new ArrayList<>());
    upload.await(later::add);
    gone.countDown();
    upload.over();
    assertEquals(List.of(), later);
    arrived(service, events);
  }

  @Test
  void placesAreReadAsBazelReadsThem() {
    assertEquals(new Destination.Place("h", 1, false), Destination.Place.parse("grpc://h:1"));
    assertEquals(new Destination.Place("h", 443, true), Destination.Place.parse("grpcs://h"));
    assertEquals(new Destination.Place("h", 7, true), Destination.Place.parse("h:7"));
    assertEquals(
        "write grpc://HOST:PORT or grpcs://HOST:PORT",
        assertThrows(IllegalArgumentException.class, () -> Destination.Place.parse("http://h:1"))
            .getMessage());
  }
}
