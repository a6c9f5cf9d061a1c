package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.NinjaError;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** One reading of a manifest: what all of its files' parsers share. */
final class ManifestReading {
  /**
   * How deep files may take in files. Generators nest three or four; a file that takes itself in
   * would go on for ever, of which ninja dies.
   */
  static final int MAX_DEPTH = 200;

  /** What there is at a path. */
  sealed interface Content {
    /** A file. */
    @SuppressWarnings("ArrayRecordComponent")
    record Found(byte[] bytes) implements Content {}

    /** Nothing that can be read, and why. */
    record Refused(String reason) implements Content {}
  }

  private final Graph graph = new Graph();
  private final ManifestFiles files;
  private final Choices choices;
  private final Consumer<String> warning;
  private final int versionName;
  private final int depthName;
  private final int poolName;
  private final int dyndepName;

  ManifestReading(ManifestFiles files, Choices choices, Consumer<String> warning) {
    this.files = files;
    this.choices = choices;
    this.warning = warning;
    this.versionName = graph.words.intern("ninja_required_version");
    this.depthName = graph.words.intern("depth");
    this.poolName = graph.words.intern("pool");
    this.dyndepName = graph.words.intern("dyndep");
  }

  Graph read(String file) throws NinjaError {
    switch (content(file, 0)) {
      case Content.Refused(String reason) -> throw NinjaError.error(reason);
      case Content.Found(byte[] bytes) -> new ManifestParser(this, file, bytes, 0, 0).parse();
    }
    graph.paths.trim();
    graph.words.trim();
    graph.edges.trim();
    graph.producers.trim();
    return graph;
  }

  Content content(String file, int depth) {
    if (depth > MAX_DEPTH) {
      return new Content.Refused(
          "loading '" + file + "': files include each other more than " + MAX_DEPTH + " deep");
    }
    graph.files.add(file);
    String reason = "No such file or directory";
    try {
      Optional<byte[]> bytes = files.read(file);
      if (bytes.isPresent()) {
        return new Content.Found(bytes.get());
      }
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    return new Content.Refused("loading '" + file + "': " + reason);
  }

  Graph graph() {
    return graph;
  }

  Choices choices() {
    return choices;
  }

  Consumer<String> warning() {
    return warning;
  }

  int versionName() {
    return versionName;
  }

  int depthName() {
    return depthName;
  }

  int poolName() {
    return poolName;
  }

  int dyndepName() {
    return dyndepName;
  }
}
