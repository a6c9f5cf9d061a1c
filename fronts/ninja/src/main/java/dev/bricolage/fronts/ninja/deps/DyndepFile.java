package dev.bricolage.fronts.ninja.deps;

import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dyndep file: inputs and outputs of edges that are known only once another edge has run.
 *
 * @param edges what it adds, by the number of the edge
 */
public record DyndepFile(Map<Integer, Dyndep> edges) {
  /** Sorts and copies. */
  public DyndepFile {
    edges = Collections.unmodifiableMap(new TreeMap<>(edges));
  }

  /**
   * Reads a dyndep file for the edges of {@code manifest}.
   *
   * @param file its name, for messages
   */
  public static DyndepFile parse(String file, byte[] content, Manifest manifest) throws NinjaError {
    return new DyndepFile(new DyndepParser(file, content, manifest).parse());
  }

  /**
   * Checks that it speaks of just those edges that name it as their dyndep file, and that what it
   * adds as outputs no other edge makes.
   *
   * @param path the dyndep file's number in the manifest
   */
  public void check(Manifest manifest, int path) throws NinjaError {
    Ints consumers = manifest.consumers(path);
    for (int i = 0; i < consumers.size(); i++) {
      Edge edge = manifest.edge(consumers.get(i));
      if (!names(edge, path)) {
        continue;
      }
      Dyndep dyndep = edges.get(edge.id());
      if (dyndep == null) {
        throw NinjaError.error(
            "'"
                + firstOutput(edge)
                + "' not mentioned in its dyndep file '"
                + manifest.path(path)
                + "'");
      }
      checkOutputs(manifest, dyndep);
    }
    for (int edge : edges.keySet()) {
      if (!names(manifest.edge(edge), path)) {
        throw NinjaError.error(
            "dyndep file '"
                + manifest.path(path)
                + "' mentions output '"
                + firstOutput(manifest.edge(edge))
                + "' whose build statement does not have a dyndep binding for the file");
      }
    }
  }

  private static void checkOutputs(Manifest manifest, Dyndep dyndep) throws NinjaError {
    for (String output : dyndep.implicitOutputs()) {
      int path = manifest.findPath(output);
      if (path != Manifest.NONE && manifest.producer(path) != Manifest.NONE) {
        throw NinjaError.error("multiple rules generate " + output);
      }
    }
  }

  private static boolean names(Edge edge, int path) {
    return edge.dyndep().orElse(Manifest.NONE) == path;
  }

  private static String firstOutput(Edge edge) {
    return edge.manifest().path(edge.outputs().get(0));
  }
}
