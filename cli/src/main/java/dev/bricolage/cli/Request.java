package dev.bricolage.cli;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client asks for. Names come as raw bytes; those that are not UTF-8 are refused here, as
 * the JVM cannot pass them back to the system unharmed. An environment variable that is not UTF-8
 * is only left out, since hardly any request uses it.
 *
 * @param pid of the client
 * @param umask of the client, 0 to 0777
 * @param terminal what its standard descriptors are
 * @param directory the client's current folder, absolute
 * @param arguments the words after {@code bric}
 * @param environment the client's variables
 * @param unreadable names of variables that were left out
 */
public record Request(
    int pid,
    int umask,
    Terminal terminal,
    String directory,
    List<String> arguments,
    Map<String, String> environment,
    Set<String> unreadable) {

  /**
   * Reads the payload of a REQUEST frame.
   *
   * @throws Failure when the folder or an argument is not UTF-8, or the payload is malformed
   */
  static Request decode(ByteBuffer payload) throws Failure {
    try {
      return decodeWhole(payload);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new Failure(ExitStatus.INTERNAL, "the request is malformed", e);
    }
  }

  private static Request decodeWhole(ByteBuffer payload) throws Failure {
    int pid = payload.getInt();
    int umask = payload.getInt();
    int flags = payload.get();
    int columns = Short.toUnsignedInt(payload.getShort());
    int rows = Short.toUnsignedInt(payload.getShort());
    Terminal terminal =
        new Terminal((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, columns, rows);
    String directory = text(string(payload), "the current folder");
    int count = payload.getInt();
    List<String> arguments = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      arguments.add(text(string(payload), "argument " + i));
    }
    Map<String, String> environment = new LinkedHashMap<>();
    Set<String> unreadable = new HashSet<>();
    variables(payload, environment, unreadable);
    return new Request(
        pid,
        umask,
        terminal,
        directory,
        List.copyOf(arguments),
        Collections.unmodifiableMap(environment),
        Set.copyOf(unreadable));
  }

  private static void variables(
      ByteBuffer payload, Map<String, String> environment, Set<String> unreadable) {
    int count = payload.getInt();
    for (int i = 0; i < count; i++) {
      ByteBuffer entry = string(payload);
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(entry.duplicate()).toString();
        int equals = text.indexOf('=');
        if (equals > 0) {
          // The first of two entries with one name is what getenv answers.
          environment.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
        }
      } catch (CharacterCodingException notUtf8) {
        String escaped = escape(entry);
        int equals = escaped.indexOf('=');
        unreadable.add(equals > 0 ? escaped.substring(0, equals) : escaped);
      }
    }
  }

  private static ByteBuffer string(ByteBuffer payload) {
    int length = payload.getInt();
    ByteBuffer bytes = payload.slice(payload.position(), length);
    payload.position(payload.position() + length);
    return bytes;
  }

  private static String text(ByteBuffer bytes, String what) throws Failure {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new Failure(
          ExitStatus.USAGE, what + " is not UTF-8: '" + escape(bytes) + "'; use a UTF-8 name");
    }
  }

  /** Printable ASCII as it is, every other byte as {@code \xNN}. */
  private static String escape(ByteBuffer bytes) {
    StringBuilder escaped = new StringBuilder();
    for (ByteBuffer rest = bytes.duplicate(); rest.hasRemaining(); ) {
      int b = Byte.toUnsignedInt(rest.get());
      if (b >= 0x20 && b < 0x7f && b != '\\') {
        escaped.append((char) b);
      } else {
        escaped.append("\\x").append(String.format("%02x", b));
      }
    }
    return escaped.toString();
  }
}
