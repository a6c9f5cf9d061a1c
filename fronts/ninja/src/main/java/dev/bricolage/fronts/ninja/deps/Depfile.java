package dev.bricolage.fronts.ninja.deps;

import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.List;

/**
 * A depfile: one or more rules of make, as compilers write them with {@code -MD}.
 *
 * @param outputs what stands left of colons, each once
 * @param inputs what stands right of them, each once; as spelled, not canonical
 */
public record Depfile(List<String> outputs, List<String> inputs) {
  /** Copies both lists. */
  public Depfile {
    outputs = List.copyOf(outputs);
    inputs = List.copyOf(inputs);
  }

  /**
   * Reads a depfile. An empty one is an error here; ninja does not even look into it and takes it
   * for one without dependencies.
   *
   * @throws NinjaError with {@code expected ':' in depfile}, or if what was an input has inputs of
   *     its own; without the file's name, which ninja puts before it
   */
  public static Depfile parse(byte[] content) throws NinjaError {
    return new DepfileParser(content).parse();
  }
}
