package dev.bricolage.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs end when they should, and always say so. */
@ParameterizedClass
@EnumSource(User.class)
@Timeout(60)
class LifecycleTest {
  private static final int INTERRUPT = 2;

  @Parameter User user = User.CALLER;
  World world;

  @BeforeEach
  void open() throws IOException {
    world = new World(user);
  }

  @AfterEach
  void close() throws IOException {
    if (world != null) {
      world.close();
    }
  }

  /** A run that has said something, with a thread waiting for it. */
  private record Live(
      Running running, Captured captured, CompletableFuture<Ended> end, Thread thread) {}

  private Live live(String script) throws IOException, InterruptedException {
    Captured captured = new Captured();
    Running running = world.sandbox.run(world.plan("sh", "-c", script).build(), captured);
    CompletableFuture<Ended> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                end.complete(running.await());
              } catch (IOException | InterruptedException e) {
                end.completeExceptionally(e);
              }
            });
    assertTrue(captured.something.await(30, TimeUnit.SECONDS));
    return new Live(running, captured, end, thread);
  }

  /** Waits until no such process is there: its end is not ours to be told of. */
  private static void awaitGone(String name, String argument) throws Exception {
    var left = ProcessTable.find(name, argument);
    if (left.isPresent()) {
      left.get().onExit().get(30, TimeUnit.SECONDS);
    }
    assertEquals(0, ProcessTable.count(name, argument));
  }

  private static Throwable cause(Future<Ended> end) {
    var thrown = assertThrows(java.util.concurrent.ExecutionException.class, end::get);
    return java.util.Objects.requireNonNull(thrown.getCause());
  }

  private static String mark() {
    return "98" + System.nanoTime() % 10_000_000;
  }

  @Test
  void aSignalReachesEveryProcess() throws Exception {
    Live live =
        live(
            "trap 'echo one; exit 4' INT; (trap 'echo two; exit' INT; echo up; while :; do sleep 0.05; done) & wait; wait");
    live.running().signal(INTERRUPT);
    Ended ended = live.end().get();
    assertEquals(new Ended.Exited(4), ended.exit());
    assertTrue(live.captured().out().contains("one\n"), live.captured().out());
  }

  @Test
  void aSignalThatIsNotHandledKills() throws Exception {
    Live live = live("echo up; exec sleep 1000");
    live.running().signal(15);
    assertEquals(new Ended.Killed(15), live.end().get().exit());
  }

  @Test
  void killEndsTheRunAndKeepsItsOutput() throws Exception {
    String mark = mark();
    Live live = live("trap '' TERM INT HUP; echo up; sleep " + mark + " & wait");
    live.running().kill();
    Ended ended = live.end().get();
    assertEquals(new Ended.Killed(9), ended.exit());
    assertEquals("up\n", live.captured().out());
    assertEquals(0, ProcessTable.count("sleep", mark));
  }

  @Test
  void interruptingTheWaiterKillsTheRun() throws Exception {
    String mark = mark();
    Live live = live("echo up; sleep " + mark);
    live.thread().interrupt();
    Throwable cause = cause(live.end());
    assertEquals("interrupted while a sandbox was running; it was killed", cause.getMessage());
    assertEquals(InterruptedException.class, cause.getClass());
    awaitGone("sleep", mark);
  }

  @Test
  void closingTheConnectionKillsTheRun() throws Exception {
    String mark = mark();
    Live live = live("echo up; sleep " + mark);
    live.running().close();
    awaitGone("sleep", mark);
  }

  @Test
  void theServersDeathEndsRunsWithAClearErrorAndTheNextRunStartsAnother() throws Exception {
    String mark = mark();
    Live live = live("echo up; sleep " + mark);
    ProcessHandle server = world.sandbox.server();
    server.destroyForcibly();
    Throwable cause = cause(live.end());
    assertEquals(
        "the sandbox helper died during the run (was it killed, or out of memory?);"
            + " run the command again",
        cause.getMessage());
    awaitGone("sleep", mark);
    assertEquals("again\n", world.sh("echo again").good().out());
  }

  @Test
  void theDaemonsDeathKillsEverything() throws Exception {
    // A shell stands for the daemon: it holds the server's stdin, and is killed with -9.
    Path helper = HelperProgram.unpack(world.directory.resolve("helper"));
    Path socket = world.directory.resolve("s/orphan");
    String mark = mark();
    Process daemon =
        new ProcessBuilder(
                "sh", "-c", "sleep " + mark + " | " + helper + " serve " + socket + " ; true")
            .start();
    byte[] ready = daemon.getInputStream().readNBytes(6);
    assertEquals("ready\n", new String(ready, java.nio.charset.StandardCharsets.US_ASCII));
    String inner = mark();
    var channel = java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket));
    byte[] plan = world.plan("sh", "-c", "echo up; sleep " + inner).build().encode();
    var message =
        java.nio.ByteBuffer.allocate(4 + plan.length)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .putInt(plan.length)
            .put(plan)
            .flip();
    channel.write(message);
    Captured captured = new Captured();
    Future<Ended> end = waitFor(new Running(channel, captured));
    assertTrue(captured.something.await(30, TimeUnit.SECONDS));
    ProcessTable.find("sleep", mark).orElseThrow().destroyForcibly();
    assertThrows(java.util.concurrent.ExecutionException.class, end::get);
    awaitGone("sleep", inner);
    assertEquals(0, daemon.waitFor());
  }

  private static Future<Ended> waitFor(Running running) {
    CompletableFuture<Ended> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(running.await());
          } catch (IOException | InterruptedException e) {
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  @Test
  void manyRunsAtOnceStayApart() throws Exception {
    List<Future<Ended>> ends = new ArrayList<>();
    List<Captured> outputs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Captured captured = new Captured();
      outputs.add(captured);
      Plan plan = world.plan("sh", "-c", "echo " + i + " >f; sleep 0.02; cat f; ls /build").build();
      ends.add(waitFor(world.sandbox.run(plan, captured)));
    }
    for (int i = 0; i < ends.size(); i++) {
      assertEquals(new Ended.Exited(0), ends.get(i).get().exit());
      assertEquals(i + "\nf\n", outputs.get(i).out());
    }
  }

  @Test
  void aMalformedPlanIsRefusedInWords() throws Exception {
    try (var channel =
        java.nio.channels.SocketChannel.open(
            java.net.UnixDomainSocketAddress.of(world.sandbox.socket()))) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {2, 0, 0, 0, 35, 9}));
      Ended ended = new Running(channel, new Captured()).await();
      assertEquals(new Ended.Refused("the plan's operation 0 is cut short"), ended.exit());
    }
  }

  @Test
  void aClosedSandboxSaysSo() throws Exception {
    Plan plan = world.plan("true").build();
    world.sandbox.close();
    IOException thrown =
        assertThrows(IOException.class, () -> world.sandbox.run(plan, new Captured()));
    assertEquals("the sandbox is closed", thrown.getMessage());
  }
}
