package dev.bricolage.fronts.reapi.tenant;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a call brings to show who makes it.
 *
 * @param token of the header {@code authorization: Bearer TOKEN}
 * @param subject of the certificate that TLS has verified, as RFC 2253 writes it
 */
public record Caller(Optional<String> token, Optional<String> subject) {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "bearer ";
  private static final Caller NOBODY = new Caller(Optional.empty(), Optional.empty());
  private static final Context.Key<Caller> CURRENT = Context.keyWithDefault("caller", NOBODY);

  /** Who makes the call that this thread works for. */
  public static Caller current() {
    return CURRENT.get();
  }

  /** Makes {@link #current} known to services. */
  public static ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Caller caller = new Caller(token(headers), subject(call));
        return Contexts.interceptCall(
            Context.current().withValue(CURRENT, caller), call, headers, next);
      }
    };
  }

  private static Optional<String> token(Metadata headers) {
    return Optional.ofNullable(headers.get(AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  private static Optional<String> subject(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(session.getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty(); // it showed none, and the server did not ask for one
    }
  }

  /** Without the token, which no log shall hold. */
  @Override
  public String toString() {
    return subject.orElse(token.isPresent() ? "the bearer of a token" : "nobody");
  }
}
