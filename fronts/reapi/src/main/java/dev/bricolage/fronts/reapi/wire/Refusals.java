package dev.bricolage.fronts.reapi.wire;

import dev.bricolage.store.NoSpace;
import dev.bricolage.store.StoreException;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.function.Consumer;

/**
 * Ends a call with the status that fits what its service threw, so that services just throw. What
 * is no refusal is a mistake of ours: the client hears INTERNAL and nothing of our insides, the
 * {@code faults} hear everything.
 */
public final class Refusals implements ServerInterceptor {
  private final Consumer<Throwable> faults;

  /** Tells mistakes of ours to {@code faults}. */
  public Refusals(Consumer<Throwable> faults) {
    this.faults = faults;
  }

  /** What a failure is to the client; {@code faults} are told what is not the client's. */
  public static Refusal of(RuntimeException failure, Consumer<Throwable> faults) {
    Refusal refusal = of(failure);
    if (failure != refusal) {
      faults.accept(failure);
    }
    return refusal;
  }

  /** What a failure is to the client. */
  private static Refusal of(RuntimeException failure) {
    return switch (failure) {
      case Refusal refusal -> refusal;
      case NoSpace full -> Refusal.exhausted("the server's disk is full; nothing was stored");
      case StoreException broken ->
          new Refusal(Code.INTERNAL, "the server's store cannot be used; its log says why");
      default -> new Refusal(Code.INTERNAL, "a mistake of the server; its log says which");
    };
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Closing<Q, A> closing = new Closing<>(call);
    try {
      return new Listening<>(next.startCall(closing, headers), closing);
    } catch (RuntimeException e) {
      closing.end(e);
      return new ServerCall.Listener<>() {};
    }
  }

  /** A call that is closed once, by whoever is first. */
  private final class Closing<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean closed;

    Closing(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public synchronized void close(io.grpc.Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }

    synchronized boolean isClosed() {
      return closed;
    }

    void end(RuntimeException failure) {
      Refusal refusal = of(failure);
      if (failure != refusal && !isCancelled()) {
        faults.accept(failure);
      }
      StatusRuntimeException ending = refusal.ending();
      Metadata trailers = ending.getTrailers();
      close(ending.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }

  private static final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Refusals.Closing<Q, ?> call;

    Listening(ServerCall.Listener<Q> listener, Refusals.Closing<Q, ?> call) {
      super(listener);
      this.call = call;
    }

    private void run(Runnable step) {
      if (call.isClosed()) {
        return;
      }
      try {
        step.run();
      } catch (RuntimeException e) {
        call.end(e);
      }
    }

    @Override
    public void onMessage(Q message) {
      run(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      run(super::onHalfClose);
    }

    @Override
    public void onReady() {
      run(super::onReady);
    }
  }
}
