package dev.bricolage.fronts.reapi.tenant;

import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.wire.Refusal;
import io.grpc.Status.Code;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Tenants by what their callers show. A caller without any grant is unauthenticated; one whose
 * grants are all for other instances is told no more than that this one is not for it, so that
 * nobody learns which instances there are.
 */
public final class Grants implements Tenants {
  private final List<Grant> grants;
  private final InstantSource clock;

  /**
   * Who shows this is that tenant.
   *
   * @param shown what
   * @param expires until when
   */
  public record Grant(Shown shown, Tenant tenant, Optional<Instant> expires) {}

  /** What a caller may show. */
  public sealed interface Shown {}

  /**
   * A bearer token, of which only the hash is kept: who reads our configuration cannot use it.
   *
   * @param hash the SHA-256 of the token in hex
   */
  public record Token(String hash) implements Shown {
    /** What a token is kept as. */
    public static Token of(String token) {
      return new Token(Digest.of(token).hex());
    }
  }

  /**
   * A certificate that TLS has verified.
   *
   * @param subject as RFC 2253 writes it
   */
  public record Certificate(String subject) implements Shown {}

  /** These and nobody else. */
  public Grants(List<Grant> grants, InstantSource clock) {
    this.grants = List.copyOf(grants);
    this.clock = clock;
  }

  @Override
  public Tenant admit(Caller caller, String instance) {
    List<Grant> shown = grants.stream().filter(grant -> shows(caller, grant.shown())).toList();
    if (shown.isEmpty()) {
      throw new Refusal(
          Code.UNAUTHENTICATED, "a bearer token or a client certificate known here is needed");
    }
    List<Grant> valid = shown.stream().filter(this::isValid).toList();
    if (valid.isEmpty()) {
      throw new Refusal(Code.UNAUTHENTICATED, "the token or certificate is no longer valid here");
    }
    return valid.stream()
        .map(Grant::tenant)
        .filter(tenant -> tenant.name().equals(instance))
        .findFirst()
        .orElseThrow(
            () -> Refusal.denied("the instance '%s' is not for this caller".formatted(instance)));
  }

  private boolean isValid(Grant grant) {
    return grant.expires().map(clock.instant()::isBefore).orElse(true);
  }

  private static boolean shows(Caller caller, Shown shown) {
    return switch (shown) {
      case Token token -> caller.token().map(Token::of).filter(token::equals).isPresent();
      case Certificate certificate ->
          caller.subject().filter(certificate.subject()::equals).isPresent();
    };
  }
}
