package dev.bricolage.remote.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** gRPC costs half a second to load: only who opens a server pays. */
final class StartTest {
  private static String loaded(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                Unused.class.getName(),
                Remote.class.getName()));
    command.addAll(List.of(arguments));
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), output);
    return output;
  }

  @Test
  void nothingOfGrpcIsLoadedBeforeAServerIsOpened() throws Exception {
    String without = loaded();
    assertTrue(without.contains("dev.bricolage.remote.client.Remote "), without);
    assertFalse(without.contains("io.grpc."), "gRPC");
    assertFalse(without.contains("com.google.protobuf."), "protobuf");
    assertTrue(loaded("open").contains("io.grpc.ManagedChannel "), "the other way round");
  }
}
