package dev.bricolage.action.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A request as it was made.
 *
 * @param build of which this is a try; usually the only one
 * @param verb the command's name: {@code run}, {@code ninja}
 * @param options its options, one word or more each, secrets left out
 * @param asked the words behind the options: targets, or the command to run
 * @param directory where it was asked, absolute
 * @param tool name and version of the program that carries it out
 * @param process the number of the process that carries it out
 * @param metadata what the user wants to be known about it
 */
public record Invocation(
    UUID id,
    UUID build,
    Instant began,
    String verb,
    List<String> options,
    List<String> asked,
    String directory,
    String user,
    String host,
    String tool,
    long process,
    Map<String, String> metadata) {
  /** Copies. */
  public Invocation {
    options = List.copyOf(options);
    asked = List.copyOf(asked);
    metadata = Map.copyOf(metadata);
  }
}
