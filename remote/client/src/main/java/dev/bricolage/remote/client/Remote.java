package dev.bricolage.remote.client;

import dev.bricolage.remote.client.line.Line;
import dev.bricolage.remote.client.line.RemoteCapabilities;
import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.remote.client.line.Surroundings;
import java.util.function.Consumer;

/** A server of the Remote Execution API: its blobs, its action cache, its workers. */
public final class Remote implements AutoCloseable {
  private final Line line;
  private final RemoteBlobs blobs;
  private final RemoteResults results;
  private final RemoteExecution execution;

  private Remote(Line line) {
    this.line = line;
    blobs = new RemoteBlobs(line);
    results = new RemoteResults(line);
    execution = new RemoteExecution(line);
  }

  /**
   * Gets ready to call a server; nothing connects before the first call.
   *
   * @param warnings told, once each, of what is wrong with the server and gone on with all the same
   * @throws RemoteFailure REFUSED when a file that the options name cannot be used
   */
  public static Remote open(RemoteOptions options, Consumer<String> warnings) throws RemoteFailure {
    return open(options, warnings, Surroundings.real());
  }

  static Remote open(RemoteOptions options, Consumer<String> warnings, Surroundings surroundings)
      throws RemoteFailure {
    return new Remote(Line.open(options, warnings, surroundings));
  }

  /** What the server can do: asked on first use, and again after the connection was lost. */
  public RemoteCapabilities capabilities() throws RemoteFailure, InterruptedException {
    return line.capabilities();
  }

  /** Its blobs. */
  public RemoteBlobs blobs() {
    return blobs;
  }

  /** Its action cache. */
  public RemoteResults results() {
    return results;
  }

  /** Its workers. */
  public RemoteExecution execution() {
    return execution;
  }

  /**
   * Whether the server failed so often of late that it is left alone for a while: calls fail at
   * once, so whoever can do without it does.
   */
  public boolean isSick() {
    return line.isSick();
  }

  /** Cuts off whatever is under way. */
  @Override
  public void close() {
    line.close();
  }
}
