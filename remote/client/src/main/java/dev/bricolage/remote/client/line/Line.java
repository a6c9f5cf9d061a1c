package dev.bricolage.remote.client.line;

import com.google.protobuf.MessageLite;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.CapabilitiesGrpc;
import dev.bricolage.remote.protocol.Reapi.GetCapabilitiesRequest;
import dev.bricolage.remote.protocol.Reapi.RequestMetadata;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The line to one server: calls that are made again when that may help, and not made at all while
 * the server is sick. For any number of threads.
 */
public final class Line implements AutoCloseable {
  private static final Metadata.Key<byte[]> ABOUT_US =
      Metadata.Key.of(
          "build.bazel.remote.execution.v2.requestmetadata-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** A server that says nothing costs a whole time limit each time, and so is left alone sooner. */
  private static final int SILENCE_COUNTS = 3;

  private static final Duration PARTING = Duration.ofSeconds(2);

  private final RemoteOptions options;
  private final Consumer<String> warnings;
  private final Surroundings surroundings;
  private final Breaker breaker;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ManagedChannel channel;
  private final Channel calls;
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final AtomicLong connections = new AtomicLong();
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Optional<Known> known = Optional.empty();
  private volatile boolean closed;

  /** What it could do on that connection. */
  private record Known(RemoteCapabilities capabilities, long connection) {}

  /**
   * Something that is tried until it succeeds, cannot, or was tried often enough.
   *
   * @param <T> what comes of it
   */
  @FunctionalInterface
  public interface Attempt<T> {
    /** Tries it; a {@link StatusException} may mean that it is tried again. */
    T run(Tries tries) throws StatusException, RemoteFailure, InterruptedException;
  }

  private Line(RemoteOptions options, Consumer<String> warnings, Surroundings surroundings)
      throws RemoteFailure {
    this.options = options;
    this.warnings = warnings;
    this.surroundings = surroundings;
    this.breaker = new Breaker(surroundings.clock());
    this.channel = Channels.open(options, threads);
    this.calls =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers()));
    watch();
  }

  /**
   * A line that connects when it is first used.
   *
   * @param warnings told, once each, of what is wrong and gone on with all the same
   * @throws RemoteFailure when a file that the options name cannot be used
   */
  public static Line open(
      RemoteOptions options, Consumer<String> warnings, Surroundings surroundings)
      throws RemoteFailure {
    return new Line(options, warnings, surroundings);
  }

  private Metadata headers() {
    Metadata headers = new Metadata();
    boolean named = false;
    for (RemoteOptions.Header header : options.headers()) {
      named |= header.name().equalsIgnoreCase("authorization");
      headers.put(key(header.name()), header.value());
    }
    if (!named) {
      login().ifPresent(basic -> headers.put(key("authorization"), basic));
    }
    RequestMetadata.Builder about =
        RequestMetadata.newBuilder().setToolInvocationId(UUID.randomUUID().toString());
    about.getToolDetailsBuilder().setToolName("bric");
    headers.put(ABOUT_US, about.build().toByteArray());
    return headers;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private Optional<String> login() {
    if (options.netrc().isEmpty() || options.isSocket()) {
      return Optional.empty();
    }
    Path file = options.netrc().get();
    Optional<Netrc.Login> login = read(file).at(options.target().getHost());
    if (login.isPresent() && !options.isSecret()) {
      warnOnce(
          "%s: the password in %s is not sent in the clear: write grpcs://"
              .formatted(options.target(), file));
      return Optional.empty();
    }
    return login.map(who -> "Basic " + encoded(who.name() + ":" + who.password()));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Netrc read(Path file) {
    try {
      return Netrc.parse(Files.exists(file) ? Files.readString(file) : "");
    } catch (IOException e) {
      warnOnce("%s cannot be read, so nobody is named to %s".formatted(file, options.target()));
      return Netrc.parse("");
    }
  }

  /** Counts connections: what a server can do may be otherwise on the next. */
  private void watch() {
    ConnectivityState now = channel.getState(false);
    if (now == ConnectivityState.SHUTDOWN) {
      return;
    }
    channel.notifyWhenStateChanged(
        now,
        () -> {
          if (now == ConnectivityState.READY) {
            connections.incrementAndGet();
          }
          watch();
        });
  }

  /** How the server is called. */
  public RemoteOptions options() {
    return options;
  }

  /** Whether callers are kept away from it for now. */
  public boolean isSick() {
    return breaker.isOpen();
  }

  /** Says something, unless it was said before. */
  public void warnOnce(String message) {
    warnOnce(message, message);
  }

  /** Says something, unless something of this kind was said before. */
  public void warnOnce(String kind, String message) {
    if (told.add(kind)) {
      warnings.accept(message);
    }
  }

  /** What the server can do; asked once a connection. */
  public RemoteCapabilities capabilities() throws RemoteFailure, InterruptedException {
    Optional<RemoteCapabilities> fresh = fresh();
    if (fresh.isPresent()) {
      return fresh.get();
    }
    asking.lockInterruptibly();
    try {
      fresh = fresh();
      if (fresh.isPresent()) {
        return fresh.get();
      }
      long connection = connections.get();
      RemoteCapabilities asked = ask();
      known = Optional.of(new Known(asked, connection));
      return asked;
    } finally {
      asking.unlock();
    }
  }

  private Optional<RemoteCapabilities> fresh() {
    return known.filter(k -> k.connection() == connections.get()).map(Known::capabilities);
  }

  private RemoteCapabilities ask() throws RemoteFailure, InterruptedException {
    GetCapabilitiesRequest request =
        GetCapabilitiesRequest.newBuilder().setInstanceName(options.instance()).build();
    return attempts(
        "GetCapabilities",
        tries -> {
          try {
            return RemoteCapabilities.read(
                options.target(),
                once(CapabilitiesGrpc.getGetCapabilitiesMethod(), request),
                options.compress());
          } catch (StatusException e) {
            if (e.getStatus().getCode() == Code.UNIMPLEMENTED && !isOther(e)) {
              return RemoteCapabilities.LEAST;
            }
            throw e;
          }
        });
  }

  /** A web server has no such call either. */
  private static boolean isOther(StatusException e) {
    String said = e.getStatus().getDescription();
    return said != null && said.contains("HTTP status code");
  }

  /** A call with one answer. */
  public <Q extends MessageLite, A> A call(MethodDescriptor<Q, A> method, Q request)
      throws RemoteFailure, InterruptedException {
    return attempts(name(method), tries -> once(method, request));
  }

  /** A call's name for people. */
  public static String name(MethodDescriptor<?, ?> method) {
    String name = method.getBareMethodName();
    return name == null ? method.getFullMethodName() : name;
  }

  /** A call with one answer, made once. */
  public <Q, A> A once(MethodDescriptor<Q, A> method, Q request)
      throws StatusException, InterruptedException {
    Duration patience = options.timeout();
    CallOptions within =
        CallOptions.DEFAULT.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    try (Exchange<Q, A> exchange = Exchange.begin(calls, method, within, patience.plus(PARTING))) {
      exchange.send(request);
      exchange.end();
      return exchange.only();
    }
  }

  /** A call of many messages, each of which may take as long as a whole call with one answer. */
  public <Q, A> Exchange<Q, A> stream(MethodDescriptor<Q, A> method) {
    return Exchange.begin(calls, method, CallOptions.DEFAULT, options.timeout());
  }

  /** A call of many messages, with as much time as it wants between them. */
  public <Q, A> Exchange<Q, A> patientStream(MethodDescriptor<Q, A> method) {
    return Exchange.begin(calls, method, CallOptions.DEFAULT, Duration.ZERO);
  }

  /**
   * Tries something until it is done.
   *
   * @param call what it is, for the failure's message
   */
  public <T> T attempts(String call, Attempt<T> attempt)
      throws RemoteFailure, InterruptedException {
    Tries tries = new Tries(options.retries(), surroundings.chance());
    Optional<Ending> ending = Optional.empty();
    while (true) {
      enter(call, ending, tries);
      boolean heard = false;
      try {
        T done = attempt.run(tries);
        heard = true;
        breaker.good();
        return done;
      } catch (StatusException e) {
        heard = true;
        ending = Optional.of(Ending.of(e));
      } catch (RemoteFailure e) {
        heard = true;
        breaker.good(); // it was the answer that was wrong
        throw e;
      } finally {
        if (!heard) {
          breaker.neither();
        }
      }
      again(call, ending.orElseThrow(), tries);
    }
  }

  /** Who has tried already says what came of that. */
  private void enter(String call, Optional<Ending> last, Tries tries) throws RemoteFailure {
    Optional<Duration> rest = breaker.enter();
    if (rest.isPresent()) {
      if (last.isPresent()) {
        throw last.get().failure(options, call, tries.count());
      }
      throw new RemoteFailure(
          Kind.UNAVAILABLE,
          "%s: %s: not asked, it failed too often; it is left alone for another %d s"
              .formatted(options.target(), call, rest.get().toSeconds()));
    }
  }

  private void again(String call, Ending ending, Tries tries)
      throws RemoteFailure, InterruptedException {
    if (ending.blamesServer()) {
      breaker.bad(ending.isSilence() ? SILENCE_COUNTS : 1);
    } else {
      breaker.good();
    }
    boolean more = tries.failed();
    if (!ending.mayHelp() || !more || closed) {
      throw ending.failure(options, call, tries.count());
    }
    surroundings.pause().pause(tries.delay(ending.retryAfter()));
    if (ending.isLost()) {
      channel.resetConnectBackoff(); // else gRPC would go on saying no for up to two minutes
    }
  }

  /** Runs something beside the caller, for as long as the line is open. */
  public void beside(Runnable task) {
    threads.execute(task);
  }

  /** Ends all calls. */
  @Override
  public void close() {
    closed = true;
    channel.shutdownNow();
    try {
      channel.awaitTermination(PARTING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }
}
