package dev.bricolage.fronts.run;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lines in which a command says that something is missing, in the usual tools' words. */
record Complaints(List<String> lines) {
  private static final int READ = 1 << 16;
  private static final Pattern MISSING =
      Pattern.compile(
          "[Nn]o such|not found|[Nn]o rule to make|[Cc]annot (find|open)|[Cc]an't (find|open)"
              + "|does not exist");

  static Complaints in(Outcome outcome, Blobs blobs) throws IOException {
    return new Complaints(
        Stream.concat(
                lines(outcome.stderr(), blobs).stream(), lines(outcome.stdout(), blobs).stream())
            .filter(line -> MISSING.matcher(line).find())
            .toList());
  }

  private static List<String> lines(Digest output, Blobs blobs) throws IOException {
    Optional<InputStream> stream = blobs.open(output);
    if (stream.isEmpty()) {
      return List.of();
    }
    try (InputStream in = stream.get()) {
      return new String(in.readNBytes(READ), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Whether one of them names this file. */
  boolean name(String file) {
    return lines.stream().anyMatch(line -> line.contains(file));
  }
}
