package dev.bricolage.fronts.reapi.cas;

import com.google.protobuf.ByteString;
import dev.bricolage.action.Digest;
import dev.bricolage.fronts.reapi.tenant.TenantBlobs;
import dev.bricolage.fronts.reapi.wire.Inflater;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.fronts.reapi.wire.ResourceName;
import dev.bricolage.store.Arrival;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Optional;

/**
 * A blob on its way in through ByteStream. One stream writes it at a time: when a client comes back
 * before its broken connection is noticed, the new stream takes it over and the old one is ended.
 * All that came is on disk; what waits in memory is one message.
 */
final class Upload {
  private final TenantBlobs blobs;
  private final ResourceName name;
  private final Arrival arrival;
  private final Optional<Inflater> inflater;
  private Object writer = this;
  private long received;
  private boolean ended;

  Upload(TenantBlobs blobs, ResourceName name) {
    this.blobs = blobs;
    this.name = name;
    this.arrival = blobs.arrive(name.digest());
    this.inflater = name.compressed() ? Optional.of(new Inflater()) : Optional.empty();
  }

  String tenant() {
    return blobs.tenant().name();
  }

  ResourceName name() {
    return name;
  }

  /** From now on {@code stream} writes it. */
  synchronized void claim(Object stream) {
    writer = stream;
  }

  /** How many bytes came over the wire; the next message begins there. */
  synchronized long received() {
    return received;
  }

  /** The next bytes from the wire. */
  synchronized void write(Object stream, long offset, ByteString data) {
    check(stream);
    if (offset != received) {
      throw Refusal.invalid(
          "the upload of %s goes on at %d, not at %d".formatted(digest(), received, offset));
    }
    received += data.size();
    if (inflater.isPresent()) {
      inflater.get().feed(data.asReadOnlyByteBuffer(), this::append);
    } else {
      byte[] bytes = data.toByteArray();
      append(bytes, bytes.length);
    }
  }

  private void append(byte[] bytes, int length) {
    if (arrival.size() + length > digest().size()) {
      throw Refusal.invalid(
          "more bytes came than the %d of %s".formatted(digest().size(), digest()));
    }
    arrival.write(bytes, 0, length);
  }

  /**
   * The client has sent all: it becomes a blob of the tenant's.
   *
   * @throws Refusal when what came is not the digest's; then nothing is kept
   */
  synchronized void finish(Object stream) {
    check(stream);
    if (arrival.size() < digest().size() || !inflater.map(Inflater::isWhole).orElse(true)) {
      throw Refusal.invalid(
          "the upload of %s ended after %d bytes".formatted(digest(), arrival.size()));
    }
    blobs.checkQuota(digest().size()); // others may have ended since this one began
    boolean right = arrival.finish(digest());
    end();
    if (!right) {
      throw Refusal.invalid("the bytes uploaded as %s are not its".formatted(digest()));
    }
    blobs.hold(List.of(digest()));
  }

  private void check(Object stream) {
    if (ended || !stream.equals(writer)) {
      throw new Refusal(
          Code.ABORTED, "another stream has taken over the upload of %s".formatted(digest()));
    }
  }

  private Digest digest() {
    return name.digest();
  }

  /** Drops what is not kept. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      inflater.ifPresent(Inflater::close);
      arrival.close();
    }
  }
}
