package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.io.BufferedReader;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code bric serve} at the command line; what it says to clients is its front's own test. */
@Timeout(60)
final class ServeTest {
  private Bric bric;

  @BeforeEach
  void open() throws Exception {
    bric = Bric.installed();
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private void refuses(int status, String message, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("serve"));
    all.addAll(List.of(words));
    assertEquals(
        new Bric.Outcome(status, "", "bric: " + message + "\n"),
        bric.run(all.toArray(String[]::new)));
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(bric.folder().resolve(name), text);
  }

  @Test
  void servesUntilItIsInterrupted() throws Exception {
    Process server = bric.start("serve", "--listen", "127.0.0.1:0");
    try (BufferedReader said = server.errorReader()) {
      String line = said.readLine();
      String start = "bric: serving the Remote Execution API at 127.0.0.1:";
      assertTrue(line.startsWith(start), line);
      int port = Integer.parseInt(line.substring(start.length()));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertTrue(socket.isConnected());
      }
      assertEquals(0, new ProcessBuilder("kill", "-INT", "" + server.pid()).start().waitFor());
      assertEquals("bric: ending: calls under way have 30 s", said.readLine());
      assertEquals(0, server.waitFor());
    }
  }

  @Test
  void aCacheSaysThatItIsOne() throws Exception {
    Process server = bric.start("serve", "--listen", "127.0.0.1:0", "--cache-only");
    try (BufferedReader said = server.errorReader()) {
      assertTrue(said.readLine().endsWith(", as a cache only"));
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void prometheusFindsItsNumbers() throws Exception {
    Process server = bric.start("serve", "--listen", "127.0.0.1:0", "--metrics", "0");
    try (BufferedReader said = server.errorReader()) {
      assertTrue(said.readLine().startsWith("bric: serving the Remote Execution API at "));
      String line = said.readLine();
      String start = "bric: metrics at ";
      assertTrue(line.startsWith(start + "http://127.0.0.1:"), line);
      try (InputStream page = URI.create(line.substring(start.length())).toURL().openStream()) {
        String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(text.contains("\n# TYPE grpc_server_handled_total counter\n"), text);
        assertTrue(text.contains("\nbric_actions_running 0\n"), text);
        assertTrue(text.contains("\nbric_store_items{kind=\"blobs\"} "), text);
      }
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void whoIsNotNamedIsNotLetInFromOutside() throws Exception {
    refuses(
        64,
        "serve: --listen 0.0.0.0:0: whoever reaches it could have programs run here; name who may"
            + " with --tenants, or say --open",
        "--listen",
        "0.0.0.0:0");
  }

  @Test
  void badWords() throws Exception {
    refuses(64, "serve: --listen nowhere: write HOST:PORT", "--listen", "nowhere");
    refuses(64, "serve: --listen a:70000: write HOST:PORT", "--listen", "a:70000");
    refuses(64, "serve: --jobs 0: at least 1", "--jobs", "0");
    refuses(64, "serve: --metrics many: write HOST:PORT", "--metrics", "many");
    refuses(
        64, "serve: --otlp there: write a URL such as http://localhost:4318", "--otlp", "there");
    refuses(64, "serve: --max-blob much: write a size such as 500M", "--max-blob", "much");
    refuses(
        64,
        "serve: --tls-certificate and --tls-key are given together",
        "--tls-certificate",
        "cert.pem");
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Bric.Outcome outcome = bric.run("serve", "--listen", address);
      assertEquals(
          new Bric.Outcome(74, "", "bric: Failed to bind to address /" + address + "\n"), outcome);
    }
  }

  @Test
  void tenantsThatAreNotUnderstood() throws Exception {
    Path file = file("tenants", "# who may\n\nteam token=abc\n");
    refuses(
        66,
        file + ":3: token= takes the token's SHA-256 in hex: printf %s TOKEN | sha256sum",
        "--tenants",
        "tenants",
        "--listen",
        "127.0.0.1:0");
    file("tenants", "team subject=CN=build execute\nteam execute\n");
    refuses(
        66,
        file + ":2: says not what the caller shows: add token= or subject=",
        "--tenants",
        "tenants",
        "--listen",
        "127.0.0.1:0");
    file("tenants", "team subject=CN=build quota=-1\n");
    refuses(
        66,
        file + ":1: quota=-1: not a number of bytes",
        "--tenants",
        "tenants",
        "--listen",
        "127.0.0.1:0");
    file("tenants", "team subject=CN=build subject=CN=other\n");
    refuses(
        66,
        file + ":1: two things to show: give each a line of its own",
        "--tenants",
        "tenants",
        "--listen",
        "127.0.0.1:0");
    refuses(
        64,
        "serve: --tenants: the file says who may do what, so leave out --instance and"
            + " --allow-updates",
        "--tenants",
        "tenants",
        "--allow-updates");
    file("tenants", "team subject=CN=build run\n");
    refuses(
        66,
        file + ":1: 'run': write execute, update, token=, subject=, quota=, until=",
        "--tenants",
        "tenants",
        "--listen",
        "127.0.0.1:0");
  }
}
