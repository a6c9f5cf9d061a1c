package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import dev.bricolage.cli.Bric;
import dev.bricolage.remote.protocol.Bep;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamRequest;
import dev.bricolage.remote.protocol.Bes.PublishBuildToolEventStreamResponse;
import dev.bricolage.remote.protocol.Bes.PublishLifecycleEventRequest;
import dev.bricolage.remote.protocol.PublishBuildEventGrpc.PublishBuildEventImplBase;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The build event stream of real builds, that end in every way. */
@Timeout(60)
final class EventsTest {
  private static final String BUILD =
      """
      rule copy
        command = cp $in $out
      rule fail
        command = echo reason; exit 3
      rule sleep
        command = sleep %s
      build a: copy source
      build b: copy a
      build bad: fail a
      build slow: sleep a
      build all: phony a b
      build some: phony b bad
      default all
      """;

  private static Installation bric;

  @BeforeAll
  static void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterAll
  static void close() throws Exception {
    bric.close();
  }

  private static Checkout checkout(String mark) throws Exception {
    Checkout checkout = bric.checkout();
    return checkout
        .write("source", checkout.root() + "\n")
        .write("build.ninja", BUILD.formatted(mark))
        .folder("log");
  }

  private static EventLines events(Checkout checkout) throws Exception {
    return EventLines.of(checkout.read("log/e"));
  }

  @Test
  void aBuildThatGoesWellAndOneThatDoesNot() throws Exception {
    Checkout checkout = checkout("1");
    assertEquals(0, checkout.ninja("--build_event_json_file=log/e").status());
    EventLines well = events(checkout);
    assertEquals(List.of(), well.faults());
    assertEquals(List.of("//:all well"), well.targets());
    assertEquals("SUCCESS", well.exitCode());
    assertEquals(List.of(), well.all("action"));
    assertTrue(well.all("namedSetOfFiles").toString().contains("file://" + checkout.root() + "/a"));

    Bric.Outcome failed =
        checkout.ninja("some", "a", "--build_event_json_file", "log/e", "--build_metadata=ROLE=CI");
    assertEquals(1, failed.status());
    EventLines badly = events(checkout);
    assertEquals(List.of(), badly.faults());
    assertEquals(List.of("//:a well", "//:some badly"), badly.targets());
    assertEquals("BUILD_FAILURE 1", badly.exitCode());
    assertEquals(3, badly.all("action").getFirst().get("exitCode").getAsInt());
    StringBuilder printed = new StringBuilder();
    badly.all("progress").stream()
        .filter(progress -> progress.has("stdout"))
        .forEach(progress -> printed.append(progress.get("stdout").getAsString()));
    assertEquals(failed.stdout(), printed.toString());
    assertEquals("{\"metadata\":{\"ROLE\":\"CI\"}}", badly.all("buildMetadata").getFirst() + "");
  }

  @Test
  void whatIsUpToDateIsThereAllTheSame() throws Exception {
    Checkout checkout = checkout("1");
    assertEquals(0, checkout.ninja().status());
    assertEquals(
        "ninja: no work to do.\n", checkout.ninja("--build_event_json_file=log/e").stdout());
    assertEquals(List.of(), events(checkout).faults());
    assertEquals(List.of("//:all well"), events(checkout).targets());
  }

  @Test
  void aManifestThatCannotBeUnderstood() throws Exception {
    Checkout checkout = checkout("1").write("build.ninja", "nonsense\n");
    assertEquals(1, checkout.ninja("--build_event_json_file=log/e").status());
    assertEquals(List.of(), events(checkout).faults());
    assertEquals("PARSING_FAILURE 1", events(checkout).exitCode());
    assertEquals(
        "LOADING_FAILURE", events(checkout).all("aborted").getFirst().get("reason").getAsString());
  }

  @Test
  void anInterruptedBuild() throws Exception {
    Checkout checkout = checkout("905.75");
    Process process = checkout.startNinja("all", "slow", "--build_event_json_file=log/e");
    assertTrue(Host.isUnderWay("905.75"));
    Host.succeeds(Path.of("/"), "kill", "-INT", process.pid() + "");
    assertEquals(2, Bric.outcome(process).status());
    EventLines events = events(checkout);
    assertEquals(List.of(), events.faults());
    assertTrue(events.targets().contains("//:slow USER_INTERRUPTED"), events.targets() + "");
    assertEquals("INTERRUPTED 8", events.exitCode());
  }

  @Test
  void aCommandAndTheToolsInIt() throws Exception {
    Checkout checkout = checkout("1");
    checkout.write("a.c", "int a; // " + checkout.root() + "\n");
    Bric.Outcome outcome =
        bric.run(
            checkout.root(),
            "run",
            "--build_event_json_file=log/e",
            "--build_event_publish_all_actions",
            "--",
            "sh",
            "-c",
            "cc -c a.c -o a.o; exit 4");
    assertEquals(4, outcome.status());
    EventLines events = events(checkout);
    assertEquals(List.of(), events.faults());
    assertEquals(List.of("//:sh badly"), events.targets());
    List<String> kinds =
        events.all("action").stream().map(action -> action.get("type").getAsString()).toList();
    assertTrue(kinds.contains("cc") && kinds.contains("sh"), kinds.toString());
    assertEquals("BUILD_FAILURE 1", events.exitCode());
  }

  @Test
  void aKilledDaemonLeavesWholeLines() throws Exception {
    Checkout checkout = checkout("906.75");
    Process process = checkout.startNinja("all", "slow", "--build_event_json_file=log/e");
    assertTrue(Host.isUnderWay("906.75"));
    bric.kill();
    assertEquals(70, Bric.outcome(process).status());
    String text = checkout.read("log/e");
    assertTrue(text.endsWith("}\n"), text);
    assertEquals(List.of(), EventLines.of(text).faultsOfBeginning());
  }

  @Test
  void aFullDiskDoesNotStopTheBuild() throws Exception {
    Assumptions.assumeTrue(User.callerIsRoot());
    Checkout checkout = checkout("1");
    Path small = bric.folder(bric.unique("small"));
    Host.mountMemory(small, "4k");
    try {
      Bric.Outcome outcome = checkout.ninja("--build_event_json_file=" + small + "/e");
      assertEquals(0, outcome.status());
      assertEquals(
          "bric: %s/e: No space left on device; the build goes on, and its events are written there"
                  .formatted(small)
              + " no more\n",
          outcome.stderr());
      assertTrue(checkout.has("b"));
      String text = Files.readString(small.resolve("e"));
      assertTrue(text.endsWith("}\n"), text);
      assertEquals(List.of(), EventLines.of(text).faultsOfBeginning());
    } finally {
      Host.unmount(small);
    }
  }

  @Test
  void whereNoFileCanBe() throws Exception {
    Checkout checkout = checkout("1");
    assertEquals(
        new Bric.Outcome(
            73,
            "",
            "bric: ninja: --build_event_json_file none/e: no directory "
                + checkout.root()
                + "/none\n"),
        checkout.ninja("--build_event_json_file=none/e"));
    assertFalse(checkout.has("b"));
  }

  /** Takes everything, and keeps what the tool said. */
  private static final class Service extends PublishBuildEventImplBase {
    private final List<Bep.BuildEvent> said = Collections.synchronizedList(new ArrayList<>());
    private final List<String> life = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void publishLifecycleEvent(
        PublishLifecycleEventRequest request, StreamObserver<Empty> answer) {
      life.add(request.getBuildEvent().getEvent().getEventCase() + "");
      answer.onNext(Empty.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public StreamObserver<PublishBuildToolEventStreamRequest> publishBuildToolEventStream(
        StreamObserver<PublishBuildToolEventStreamResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(PublishBuildToolEventStreamRequest request) {
          try {
            if (request.getOrderedBuildEvent().getEvent().hasBazelEvent()) {
              said.add(
                  request
                      .getOrderedBuildEvent()
                      .getEvent()
                      .getBazelEvent()
                      .unpack(Bep.BuildEvent.class));
            }
          } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
          }
          answers.onNext(
              PublishBuildToolEventStreamResponse.newBuilder()
                  .setSequenceNumber(request.getOrderedBuildEvent().getSequenceNumber())
                  .build());
        }

        @Override
        public void onError(Throwable cut) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  @Test
  void aServiceGetsAllOfIt() throws Exception {
    Checkout checkout = checkout("1");
    Service service = new Service();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(service)
            .build()
            .start();
    try {
      Bric.Outcome outcome =
          checkout.ninja(
              "--bes_backend=grpc://127.0.0.1:" + server.getPort(),
              "--bes_header=x-key=sesame",
              "--bes_results_url=http://here/invocation/",
              "--invocation_id=00000000-0000-0001-0000-000000000002");
      assertEquals(0, outcome.status());
      String said = outcome.stderr(); // and on a busy machine, that it waits
      assertTrue(
          said.startsWith(
              "bric: streaming build results to:"
                  + " http://here/invocation/00000000-0000-0001-0000-000000000002\n"),
          said);
      assertFalse(said.contains("have not arrived"), said);
    } finally {
      server.shutdownNow();
    }
    assertTrue(service.said.getLast().getLastMessage());
    assertEquals(4, service.life.size());
    assertFalse(service.said.toString().contains("sesame"));
    assertFalse(bric.log().toString().contains("sesame"));
  }

  @Test
  void aServiceThatIsNotThereChangesNoStatus() throws Exception {
    Checkout checkout = checkout("1");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Bric.Outcome outcome =
        checkout.ninja("--bes_backend=grpc://127.0.0.1:" + port, "--bes_timeout=1s");
    assertEquals(0, outcome.status());
    String line = "bric: the build event service at 127.0.0.1:" + port;
    assertTrue(
        outcome.stderr().startsWith(line + ": it takes longer than --bes_timeout"),
        outcome.stderr());
    assertTrue(outcome.stderr().endsWith(" events have not arrived\n"), outcome.stderr());
  }

  /**
   * A daemon loads neither gRPC nor a message of protobuf's for who does not ask for them. (Some of
   * its interfaces are in the AOT cache, at no cost.)
   */
  @Test
  void whoDoesNotAskDoesNotPay() throws Exception {
    try (Installation own = Installation.ofCaller()) {
      Checkout checkout =
          own.checkout().write("source", "x").write("build.ninja", BUILD).folder("l");
      assertEquals(0, checkout.ninja().status());
      checkout.run("true").exits(0);
      assertFalse(classes(own).contains("com.google.protobuf.GeneratedMessage"));
      assertFalse(classes(own).contains("io.grpc."));
      assertEquals(0, checkout.ninja("--build_event_json_file=l/e").status());
      assertTrue(classes(own).contains("com.google.protobuf.GeneratedMessage"));
      assertFalse(classes(own).contains("io.grpc."));
    }
  }

  private static String classes(Installation own) throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String classes =
        Host.succeeds(
            Path.of("/"), jcmd, own.bric().daemon().orElseThrow().pid() + "", "VM.class_hierarchy");
    assertTrue(classes.contains("dev.bricolage.cli.Session"), "no list of classes: " + classes);
    return classes;
  }
}
