package dev.bricolage.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The native program that travels inside the jar. */
public final class HelperProgram {
  private static final String RESOURCE = "/dev/bricolage/sandbox/bric-helper";

  private HelperProgram() {}

  /**
   * Writes the program into {@code directory}, under a name that holds its digest, unless it is
   * there already.
   *
   * @return the executable file
   */
  public static Path unpack(Path directory) throws IOException {
    byte[] program = read();
    Path target = directory.resolve("bric-helper-" + digest(program).substring(0, 16));
    if (Files.isExecutable(target)) {
      return target;
    }
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, "bric-helper", ".new");
    Files.write(fresh, program);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] read() throws IOException {
    try (InputStream in = HelperProgram.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException(
            "the resource " + RESOURCE + " is missing: build the module `sandbox` again");
      }
      return in.readAllBytes();
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
