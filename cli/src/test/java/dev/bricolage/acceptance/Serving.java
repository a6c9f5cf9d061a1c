package dev.bricolage.acceptance;

import dev.bricolage.action.Digest;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code bric serve} while it runs.
 *
 * @param said what it says, from its second line on
 */
record Serving(Installation installation, Process process, BufferedReader said, int port) {
  private static final String SAYS_SO = "bric: serving the Remote Execution API at 0.0.0.0:";

  /** A file of tenants for {@code --tenants}: each line a tenant with its token and its rights. */
  static Path tenants(Installation installation, String... lines) throws Exception {
    Path file = installation.bric().folder().resolve("tenants");
    Files.writeString(file, String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return installation.user().own(file);
  }

  /** What such a file has of a token. */
  static String hash(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8)).toString().replaceFirst("[/:].*", "");
  }

  /** Starts it, to be reached from everywhere; {@code port} 0 is any. */
  static Serving start(Installation installation, int port, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("serve", "--listen", "0.0.0.0:" + port));
    command.addAll(List.of(words));
    Process process = installation.start(installation.bric().folder(), command);
    BufferedReader said = process.errorReader();
    List<String> heard = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      heard.add(line);
      if (line.startsWith(SAYS_SO)) {
        int at = Integer.parseInt(line.substring(SAYS_SO.length()).replaceFirst(",.*", ""));
        return new Serving(installation, process, said, at);
      }
    }
    throw new AssertionError("it does not serve, and says: " + String.join("\n", heard));
  }

  /** Kills the daemon that serves, as a crash would. */
  void kill() throws Exception {
    installation.kill();
    process.waitFor();
    said.close();
  }

  void end() throws Exception {
    process.destroyForcibly().waitFor();
    said.close();
  }
}
