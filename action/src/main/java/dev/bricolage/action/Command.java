package dev.bricolage.action;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to run: REAPI's {@code Command}.
 *
 * @param arguments the program and its arguments, at least one
 * @param environment every variable the program sees
 * @param directory where it runs: an absolute path in the sandbox
 * @param platform what it runs on: properties of the machine and of the sandbox's making
 */
public record Command(
    List<String> arguments,
    SortedMap<String, String> environment,
    String directory,
    SortedMap<String, String> platform) {

  /** Copies; refuses an empty command. */
  public Command {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program to run");
    }
    arguments = List.copyOf(arguments);
    environment = sorted(environment);
    platform = sorted(platform);
  }

  /** By the names' UTF-8 bytes, as REAPI asks, in whatever order the map came. */
  private static SortedMap<String, String> sorted(SortedMap<String, String> given) {
    SortedMap<String, String> sorted = new TreeMap<>(Wire::byBytes);
    sorted.putAll(given);
    return Collections.unmodifiableSortedMap(sorted);
  }

  /** The canonical protobuf encoding. */
  public byte[] encode() {
    Wire wire = new Wire();
    arguments.forEach(argument -> wire.element(1, argument));
    environment.forEach((name, value) -> wire.message(2, pair(name, value)));
    if (!platform.isEmpty()) {
      Wire properties = new Wire();
      for (Map.Entry<String, String> property : platform.entrySet()) {
        properties.message(1, pair(property.getKey(), property.getValue()));
      }
      wire.message(5, properties);
    }
    return wire.text(6, directory).toBytes();
  }

  private static Wire pair(String name, String value) {
    return new Wire().text(1, name).text(2, value);
  }

  /** The digest of the encoding: what names this command in every checkout. */
  public Digest digest() {
    return Digest.of(encode());
  }
}
