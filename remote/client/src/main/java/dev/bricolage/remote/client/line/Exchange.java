package dev.bricolage.remote.client.line;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One call, whose caller simply waits: for room to send, for the next message. A thread that is
 * interrupted leaves it, and closing what has not ended cancels it. For one thread.
 */
public final class Exchange<Q, A> implements AutoCloseable {
  /** How many messages may have come before they are asked for. */
  private static final int AHEAD = 4;

  private final ClientCall<Q, A> call;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<A> arrived = new ArrayDeque<>();
  private Optional<StatusException> end = Optional.empty();
  private boolean sent;

  private Exchange(ClientCall<Q, A> call, Duration patience) {
    this.call = call;
    this.patience = patience;
  }

  /**
   * Begins one.
   *
   * @param patience how long to wait for anything; zero is for ever
   */
  static <Q, A> Exchange<Q, A> begin(
      Channel channel, MethodDescriptor<Q, A> method, CallOptions options, Duration patience) {
    Exchange<Q, A> exchange = new Exchange<>(channel.newCall(method, options), patience);
    exchange.call.start(exchange.new Listener(), new Metadata());
    exchange.call.request(AHEAD);
    return exchange;
  }

  private final class Listener extends ClientCall.Listener<A> {
    @Override
    public void onMessage(A message) {
      change(() -> arrived.add(message));
    }

    @Override
    public void onReady() {
      change(() -> {});
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      change(() -> end = Optional.of(new StatusException(status, trailers)));
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a message once there is room for it; the first waits for nothing.
   *
   * @return false when the server has ended the call or answered it, and wants no more
   */
  public boolean send(Q message) throws StatusException, InterruptedException {
    if (sent) {
      await(call::isReady, "cannot send");
    }
    sent = true;
    if (isAnswered()) {
      return false;
    }
    call.sendMessage(message);
    return true;
  }

  /** Nothing more will be sent. */
  public void end() {
    call.halfClose();
  }

  private boolean isAnswered() {
    lock.lock();
    try {
      return end.isPresent() || !arrived.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next message; empty when the call has ended well.
   *
   * @throws StatusException when it has ended otherwise, and when nothing came for too long
   */
  public Optional<A> next() throws StatusException, InterruptedException {
    await(() -> false, "no answer");
    lock.lock();
    try {
      if (arrived.isEmpty()) {
        StatusException ended = end.orElseThrow();
        if (!ended.getStatus().isOk()) {
          throw ended;
        }
        return Optional.empty();
      }
    } finally {
      lock.unlock();
    }
    call.request(1);
    lock.lock();
    try {
      return Optional.of(arrived.remove());
    } finally {
      lock.unlock();
    }
  }

  /** The only message of a call that has one. */
  public A only() throws StatusException, InterruptedException {
    A answer =
        next()
            .orElseThrow(() ->
                new StatusException(
                    Status.INTERNAL.withDescription("the stream ended without an answer")));
    if (next().isPresent()) {
      throw new StatusException(Status.DATA_LOSS.withDescription("two answers came for one"));
    }
    return answer;
  }

  /** Until there is a message, the end, or this. */
  private void await(BooleanSupplier other, String what)
      throws StatusException, InterruptedException {
    boolean forEver = patience.isZero();
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (arrived.isEmpty() && end.isEmpty() && !other.getAsBoolean()) {
        if (forEver) {
          changed.await();
        } else if (left > 0) {
          left = changed.awaitNanos(left);
        } else {
          throw new StatusException(
              Status.DEADLINE_EXCEEDED.withDescription(
                  "%s for %d ms".formatted(what, patience.toMillis())));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Cancels it if it has not ended. */
  @Override
  public void close() {
    if (!hasEnded()) {
      call.cancel("not wanted any more", null);
    }
  }

  private boolean hasEnded() {
    lock.lock();
    try {
      return end.isPresent();
    } finally {
      lock.unlock();
    }
  }
}
