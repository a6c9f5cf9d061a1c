package dev.bricolage.acceptance;

import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The source of one of Debian's packages, as its authors ship it. Nothing of the machine's apt is
 * changed: list, index and archives lie in {@code target/sources}, and stay there for the next
 * time. Where Debian is found is taken from the machine's own configuration.
 *
 * @param name the source package
 */
record SourcePackage(String name) {
  private static final Path FOLDER = Path.of("target", "sources").toAbsolutePath();

  /** Something that a test needs of the machine is not there. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String message) {
      super(message);
    }
  }

  /**
   * Puts the sources into this checkout. CI has them; elsewhere a test without them is left out.
   */
  Checkout into(Checkout checkout) throws Exception {
    try {
      unpack(archive(), checkout.root());
    } catch (Unavailable reason) {
      leaveOut(String.valueOf(reason.getMessage()));
    }
    return checkout;
  }

  /** A test that needs these programs is left out where they are not, but never in CI. */
  static void needs(String... programs) {
    for (String program : programs) {
      if (!Files.isExecutable(Path.of("/usr/bin", program))) {
        leaveOut("no /usr/bin/" + program + "; .ci/packages names the package");
      }
    }
  }

  private static void leaveOut(String reason) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(reason);
    }
    Assumptions.abort(reason);
  }

  private static void unpack(Path archive, Path folder) throws Exception {
    Host.succeeds(folder, "tar", "-xf", archive.toString(), "--strip-components=1");
  }

  private Path archive() throws Exception {
    Files.createDirectories(FOLDER);
    Optional<Path> there = downloaded();
    if (there.isPresent()) {
      return there.get();
    }
    apt("update");
    apt("source", "--download-only", "--tar-only", name);
    return downloaded()
        .orElseThrow(() -> new Unavailable("apt-get source " + name + " brought no *.orig.tar.*"));
  }

  private Optional<Path> downloaded() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(
              file -> file.getFileName().toString().matches(name + "_.*\\.orig\\.tar\\.[a-z0-9]+"))
          .findFirst();
    }
  }

  private static void apt(String... words) throws Exception {
    for (String folder : List.of("lists/partial", "cache/archives/partial")) {
      Files.createDirectories(FOLDER.resolve("apt").resolve(folder));
    }
    Path listed = Files.writeString(FOLDER.resolve("apt/sources.list"), repositories());
    List<String> command = new ArrayList<>(List.of("apt-get", "-qq"));
    for (String option :
        List.of(
            "Dir::Etc::sourcelist=" + listed,
            "Dir::Etc::sourceparts=/dev/null",
            "Dir::State::lists=" + FOLDER.resolve("apt/lists"),
            "Dir::Cache=" + FOLDER.resolve("apt/cache"),
            "APT::Sandbox::User=root")) {
      command.addAll(List.of("-o", option));
    }
    command.addAll(List.of(words));
    run(command);
  }

  /** The machine's binary repositories of Debian, as repositories of sources. */
  private static String repositories() throws Exception {
    TreeSet<String> lines = new TreeSet<>();
    String targets =
        run(
            List.of(
                "apt-get",
                "indextargets",
                "--format",
                "$(REPO_URI) $(RELEASE) $(COMPONENT) $(LABEL)",
                "Created-By: Packages"));
    for (String target : targets.lines().toList()) {
      if (target.endsWith(" Debian")) { // and not Debian-Security: its archive keeps few sources
        lines.add("deb-src " + target.substring(0, target.length() - " Debian".length()) + "\n");
      }
    }
    if (lines.isEmpty()) {
      throw new Unavailable("apt knows no repository of Debian; run apt-get update first");
    }
    return String.join("", lines);
  }

  private static String run(List<String> command) throws Exception {
    Bric.Outcome outcome;
    try {
      outcome = Bric.outcome(new ProcessBuilder(command).directory(FOLDER.toFile()).start());
    } catch (IOException e) {
      throw new Unavailable("this machine has no apt to fetch sources with: " + e.getMessage());
    }
    if (outcome.status() != 0) {
      throw new Unavailable(String.join(" ", command) + ": " + outcome.stderr().strip());
    }
    return outcome.stdout();
  }
}
