package dev.bricolage.action;

import java.time.Duration;
import java.util.Optional;

/**
 * A command together with the tree it runs in: REAPI's {@code Action}.
 *
 * @param inputs the workspace as the command finds it
 * @param timeout how long it may take
 * @param alias an absolute path that leads to the workspace, too: a link. It belongs to where the
 *     action happens to run, so the encoding has it not; whoever runs it elsewhere has none
 */
public record Action(
    Command command, Tree inputs, Optional<Duration> timeout, Optional<String> alias) {
  /** An action whose workspace has one path. */
  public Action(Command command, Tree inputs, Optional<Duration> timeout) {
    this(command, inputs, timeout, Optional.empty());
  }

  /** Refuses a negative time limit. */
  public Action {
    timeout.ifPresent(limit -> {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("a time limit cannot be negative: " + limit);
      }
    });
  }

  /** The canonical protobuf encoding. */
  public byte[] encode() {
    Wire wire = new Wire().digest(1, command.digest()).digest(2, inputs.digest());
    timeout.ifPresent(limit ->
        wire.message(6, new Wire().number(1, limit.toSeconds()).number(2, limit.toNanosPart())));
    return wire.toBytes();
  }

  /** The digest of the encoding. */
  public Digest digest() {
    return Digest.of(encode());
  }
}
