package dev.bricolage.remote.client.line;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A server did not do what it was asked. The message names the server, the call, what it said and
 * the way out; the kind is for programs.
 */
public final class RemoteFailure extends IOException {
  private static final long serialVersionUID = 1;

  /** What to do about it. */
  public enum Kind {
    /** It cannot be reached, is busy or broken, even after all retries: go on without it. */
    UNAVAILABLE,
    /** It does not know us, or we may not. */
    DENIED,
    /** Something named is not there: {@link RemoteFailure#missing} says which blobs. */
    MISSING,
    /** What it said cannot be true. */
    BAD_ANSWER,
    /** More than it, or we, take at once. */
    TOO_LARGE,
    /** It has no such call, no SHA-256 or no version that we speak. */
    UNSUPPORTED,
    /** It finds the request wrong. */
    REFUSED,
    /** The action, not the call, took longer than its own limit. */
    TIMED_OUT
  }

  private final Kind kind;
  private final transient Set<Digest> missing;

  /** A failure without blobs. */
  public RemoteFailure(Kind kind, String message) {
    this(kind, message, List.of());
  }

  /** A failure for want of these blobs. */
  public RemoteFailure(Kind kind, String message, Collection<Digest> missing) {
    super(message);
    this.kind = kind;
    this.missing = Set.copyOf(new TreeSet<>(missing));
  }

  /** A failure that something below has told of. */
  public RemoteFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.missing = Set.of();
  }

  /** What to do about it. */
  public Kind kind() {
    return kind;
  }

  /** The blobs that the server, or the store they were to come from, lacks. */
  public Set<Digest> missing() {
    return missing;
  }
}
