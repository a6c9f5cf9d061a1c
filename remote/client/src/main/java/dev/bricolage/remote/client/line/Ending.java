package dev.bricolage.remote.client.line;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import dev.bricolage.action.Digest;
import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a call ended that did not end well, be it the call's own status or one inside an answer: what
 * that means, and whether trying again may help.
 */
public final class Ending {
  private static final Set<Code> PASSING =
      Set.of(
          Code.UNAVAILABLE,
          Code.ABORTED,
          Code.RESOURCE_EXHAUSTED,
          Code.DEADLINE_EXCEEDED,
          Code.UNKNOWN,
          Code.CANCELLED);

  private final Code code;
  private final String said;
  private final Optional<com.google.rpc.Status> details;
  private final Optional<Throwable> cause;

  private Ending(
      Code code, String said, Optional<com.google.rpc.Status> details, Optional<Throwable> cause) {
    this.code = code;
    this.said = said;
    this.details = details;
    this.cause = cause;
  }

  /** Of a call. */
  public static Ending of(StatusException e) {
    String said = e.getStatus().getDescription();
    return new Ending(
        e.getStatus().getCode(),
        said == null ? "" : said,
        Optional.ofNullable(StatusProto.fromThrowable(e)),
        Optional.ofNullable(e.getStatus().getCause()));
  }

  /** Of a part of a call, which has a status in its answer. */
  public static Ending of(com.google.rpc.Status status) {
    Code code = io.grpc.Status.fromCodeValue(status.getCode()).getCode();
    return new Ending(code, status.getMessage(), Optional.of(status), Optional.empty());
  }

  /** Its code. */
  public Code code() {
    return code;
  }

  /** What was said of it. */
  public String said() {
    return said;
  }

  /** Whether it is the message's size that was too much: every implementation has its own words. */
  public boolean isTooLarge() {
    String lower = said.toLowerCase(Locale.ROOT);
    return code == Code.RESOURCE_EXHAUSTED
        && (lower.contains("exceeds maximum size") || lower.contains("larger than max"));
  }

  /** Whether the same call may end well later. */
  public boolean mayHelp() {
    return !isTooLarge() && (PASSING.contains(code) || isReset());
  }

  /** INTERNAL is a mistake in the server, or a stream that was cut: only the text says which. */
  private boolean isReset() {
    String lower = said.toLowerCase(Locale.ROOT);
    return code == Code.INTERNAL
        && (lower.contains("stream")
            || lower.contains("connection")
            || lower.contains("http/2")
            || lower.contains("http2")
            || lower.contains("eos"));
  }

  /** Whether it says that the server is not well. */
  boolean blamesServer() {
    return mayHelp() && code != Code.RESOURCE_EXHAUSTED && code != Code.ABORTED;
  }

  /** Whether it said nothing for as long as we wait. */
  boolean isSilence() {
    return code == Code.DEADLINE_EXCEEDED;
  }

  /** Whether the connection itself is the likely cause. */
  boolean isLost() {
    return code == Code.UNAVAILABLE;
  }

  /** How long the server asks us to stay away. */
  Duration retryAfter() {
    for (Any detail :
        details.map(com.google.rpc.Status::getDetailsList).orElse(java.util.List.of())) {
      if (detail.is(RetryInfo.class)) {
        return delay(detail);
      }
    }
    return Duration.ZERO;
  }

  private static Duration delay(Any detail) {
    try {
      com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
      Duration asked = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
      return asked.compareTo(Tries.LONGEST) > 0 ? Tries.LONGEST : asked;
    } catch (InvalidProtocolBufferException e) {
      return Duration.ZERO;
    }
  }

  /** The blobs it says are missing; those that it names in no way we can read are left out. */
  public Set<Digest> missing() {
    Set<Digest> missing = new TreeSet<>();
    if (code != Code.FAILED_PRECONDITION) {
      return missing;
    }
    for (Any detail :
        details.map(com.google.rpc.Status::getDetailsList).orElse(java.util.List.of())) {
      if (detail.is(PreconditionFailure.class)) {
        readMissing(detail, missing);
      }
    }
    return missing;
  }

  private static void readMissing(Any detail, Set<Digest> into) {
    try {
      for (var violation : detail.unpack(PreconditionFailure.class).getViolationsList()) {
        if (violation.getType().equals("MISSING")) {
          blob(violation.getSubject()).ifPresent(into::add);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      into.clear();
    }
  }

  /** {@code blobs/HASH/SIZE}; some servers put the instance before it. */
  private static Optional<Digest> blob(String subject) {
    int at = subject.lastIndexOf("blobs/");
    try {
      return at < 0
          ? Optional.empty()
          : Optional.of(Digest.parse(subject.substring(at + "blobs/".length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Kind kind() {
    if (isTooLarge()) {
      return Kind.TOO_LARGE;
    }
    return switch (code) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.DENIED;
      case NOT_FOUND -> Kind.MISSING;
      case UNIMPLEMENTED -> Kind.UNSUPPORTED;
      case FAILED_PRECONDITION -> missing().isEmpty() ? Kind.REFUSED : Kind.MISSING;
      case INVALID_ARGUMENT, OUT_OF_RANGE, ALREADY_EXISTS -> Kind.REFUSED;
      default -> Kind.UNAVAILABLE;
    };
  }

  /** As our callers hear of it. */
  public RemoteFailure failure(RemoteOptions options, String call, int tries) {
    String message =
        "%s: %s: %s%s%s"
            .formatted(
                options.target(),
                call,
                said.isEmpty() ? code.toString() : code + ": " + oneLine(said),
                tries > 1 ? " (tried %d times)".formatted(tries) : "",
                wayOut(options));
    Set<Digest> missing = missing();
    return missing.isEmpty()
        ? new RemoteFailure(
            kind(), message, cause.orElseGet(() -> new StatusException(code.toStatus())))
        : new RemoteFailure(kind(), message, missing);
  }

  private static String oneLine(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() > 500 ? line.substring(0, 500) + "..." : line;
  }

  private String wayOut(RemoteOptions options) {
    String causes = causes();
    if (causes.contains("NotSslRecordException")) {
      return "; that port does not speak TLS: write grpc:// for one in the clear";
    }
    if (causes.contains("unable to find valid certification path")
        || causes.contains("CertificateException")
        || causes.contains("CertPathBuilderException")) {
      return "; its certificate is not signed by an authority we believe: name the right one's file";
    }
    if (causes.contains("CERTIFICATE_REQUIRED") || causes.contains("BAD_CERTIFICATE")) {
      return "; it wants a client certificate that it believes";
    }
    if (!options.isTls() && said.contains("First received frame was not SETTINGS")) {
      return "; that port speaks something else: for TLS write grpcs://";
    }
    if (!options.isTls() && said.contains("Network closed for unknown reason")) {
      return "; if that port wants TLS write grpcs://";
    }
    if (causes.contains("Connection refused") || causes.contains("FileNotFoundException")) {
      return "; nothing listens there: is the server running?";
    }
    if (causes.contains("UnknownHostException")) {
      return "; no host has that name here";
    }
    if (said.equals("io exception")) {
      return " (" + oneLine(causes) + ")";
    }
    return switch (code) {
      case UNAUTHENTICATED ->
          "; a header (a token), a .netrc entry or a client certificate says who you are";
      case PERMISSION_DENIED ->
          "; it knows you, but you may not do this in the instance '%s'"
              .formatted(options.instance());
      case UNIMPLEMENTED -> "; is it a server of the Remote Execution API?";
      default -> "";
    };
  }

  private String causes() {
    StringBuilder all = new StringBuilder();
    Optional<Throwable> next = cause;
    for (int depth = 0; depth < 10 && next.isPresent(); depth++) {
      all.append(next.get()).append('\n');
      next = Optional.ofNullable(next.get().getCause());
    }
    return all.toString();
  }
}
