package dev.bricolage.remote.events.bep;

import dev.bricolage.action.event.Product;
import java.net.URI;
import java.net.URISyntaxException;

/** Where a reader of the stream finds a file's bytes. */
@FunctionalInterface
public interface Addresses {
  /** On this machine's disk. A shared cache would say {@code bytestream://}. */
  Addresses ON_DISK = file -> uri(file.path());

  /** A URI. */
  String of(Product file);

  private static String uri(String path) {
    try {
      return "file://" + new URI(null, null, path, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no absolute path: " + path, e);
    }
  }
}
