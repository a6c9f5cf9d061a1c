package dev.bricolage.fronts.ninja.deps;

import java.util.List;

/**
 * What a dyndep file adds to one edge.
 *
 * @param implicitOutputs canonical paths
 * @param implicitInputs canonical paths
 * @param restat whether the edge may leave outputs as they are
 */
public record Dyndep(List<String> implicitOutputs, List<String> implicitInputs, boolean restat) {
  /** Copies both lists. */
  public Dyndep {
    implicitOutputs = List.copyOf(implicitOutputs);
    implicitInputs = List.copyOf(implicitInputs);
  }
}
