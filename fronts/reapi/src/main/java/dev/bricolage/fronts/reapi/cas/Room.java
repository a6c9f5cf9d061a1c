package dev.bricolage.fronts.reapi.cas;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.rpc.Status;
import dev.bricolage.fronts.reapi.wire.Refusal;
import dev.bricolage.remote.protocol.Reapi.Digest;
import io.grpc.Status.Code;
import java.util.List;

/**
 * The room in one answer to a batch. Of small blobs the digests and statuses are most of it, and a
 * client whose gRPC takes messages of the usual 4 MiB would lose all of an answer that is longer.
 * So each blob has room for its digest and a code, and beyond that its bytes as long as they fit.
 */
final class Room {
  /** What is said of a blob whose bytes do not fit. */
  static final Status FULL = Status.newBuilder().setCode(Code.RESOURCE_EXHAUSTED.value()).build();

  /** Of more blobs than that, the codes must do: a sentence each would leave no room for bytes. */
  private static final int MOST_SENTENCES = 1_000;

  /** A status with a code: what the specification's numbers take. */
  private static final int CODE_BYTES = 4;

  private final boolean brief;
  private long left;

  /**
   * An answer of at most so many bytes about these.
   *
   * @throws Refusal INVALID_ARGUMENT when they are too many even for a code each
   */
  Room(int mostBytes, List<Digest> blobs) {
    this.brief = blobs.size() > MOST_SENTENCES;
    this.left = mostBytes;
    for (Digest blob : blobs) {
      left -= least(blob);
    }
    if (left < 0) {
      throw Refusal.invalid(
          "an answer about %d blobs has more than %d bytes; ask for fewer at once"
              .formatted(blobs.size(), mostBytes));
    }
  }

  /** An entry that says of a blob nothing but a code. */
  private static int least(Digest blob) {
    int inside = CodedOutputStream.computeMessageSize(1, blob) + CODE_BYTES;
    return CodedOutputStream.computeTagSize(1)
        + CodedOutputStream.computeUInt32SizeNoTag(inside)
        + inside;
  }

  /** Whether there may be so many bytes of a blob. */
  boolean has(long bytes) {
    return bytes <= left;
  }

  /** A status in as many words as there is room for. */
  Status said(Status status) {
    return brief ? codeOf(status) : status;
  }

  /** Only a status's code. */
  static Status codeOf(Status status) {
    return Status.newBuilder().setCode(status.getCode()).build();
  }

  /** Takes the room that a blob's entry needs; false when there is not that much. */
  boolean take(Digest blob, MessageLite entry) {
    int more = CodedOutputStream.computeMessageSize(1, entry) - least(blob);
    if (more > left) {
      return false;
    }
    left -= more;
    return true;
  }
}
