package dev.bricolage.cli;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** Who is at the other end of a connection. Only the daemon's own user is served. */
final class Peer {
  private Peer() {}

  /** Whether the process that connected runs as the user this one runs as. */
  static boolean isOurUser(SocketChannel channel) throws IOException {
    String other = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    return other.equals(ourUser().getName());
  }

  private static UserPrincipal ourUser() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }
}
