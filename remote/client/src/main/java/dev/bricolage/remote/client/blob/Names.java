package dev.bricolage.remote.client.blob;

import dev.bricolage.action.Digest;
import java.util.UUID;

/** What blobs are called in ByteStream. */
public final class Names {
  private Names() {}

  /** To read one. */
  public static String read(String instance, Digest digest, boolean zstd) {
    return prefix(instance) + blob(digest, zstd);
  }

  /** To write one, under a name that nobody else has. */
  public static String upload(String instance, Digest digest, boolean zstd) {
    return prefix(instance) + "uploads/" + UUID.randomUUID() + "/" + blob(digest, zstd);
  }

  private static String prefix(String instance) {
    return instance.isEmpty() ? "" : instance + "/";
  }

  private static String blob(Digest digest, boolean zstd) {
    return (zstd ? "compressed-blobs/zstd/" : "blobs/") + digest;
  }
}
