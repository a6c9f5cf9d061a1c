package dev.bricolage.fronts.reapi;

import static dev.bricolage.fronts.reapi.Trial.digest;

import dev.bricolage.remote.protocol.Reapi.Action;
import dev.bricolage.remote.protocol.Reapi.Command;
import dev.bricolage.remote.protocol.Reapi.ExecuteRequest;

/** An action without inputs, uploaded to a trial. */
final class SmallAction {
  private SmallAction() {}

  /** A request to run it; another {@code word} is another action. */
  static ExecuteRequest upload(Trial trial, String instance, String word) {
    byte[] command = Command.newBuilder().addArguments(word).build().toByteArray();
    byte[] root = {};
    byte[] action =
        Action.newBuilder()
            .setCommandDigest(digest(command))
            .setInputRootDigest(digest(root))
            .build()
            .toByteArray();
    trial.upload(instance, command, action);
    return ExecuteRequest.newBuilder()
        .setInstanceName(instance)
        .setActionDigest(digest(action))
        .build();
  }
}
