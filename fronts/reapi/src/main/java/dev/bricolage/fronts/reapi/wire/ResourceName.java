package dev.bricolage.fronts.reapi.wire;

import dev.bricolage.action.Digest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A blob's name in ByteStream: {@code [instance/]blobs/hash/size} to read it, {@code
 * [instance/]uploads/uuid/blobs/hash/size[/anything]} to write it; {@code compressed-blobs/zstd}
 * for {@code blobs} when the bytes on the wire are zstd's, hash and size being those of what they
 * unpack to.
 *
 * @param text the name as it came, less what an upload has after its size
 * @param instance empty for the server's own
 * @param compressed whether zstd is on the wire
 */
public record ResourceName(String text, String instance, Digest digest, boolean compressed) {
  private static final Set<String> KEYWORDS =
      Set.of(
          "blobs",
          "uploads",
          "actions",
          "actionResults",
          "operations",
          "capabilities",
          "compressed-blobs");

  /** Reads the name of a blob to read. */
  public static ResourceName ofRead(String name) {
    List<String> parts = parts(name);
    int keyword = firstKeyword(name, parts);
    return blob(name, parts, instance(parts, keyword), keyword, false);
  }

  /** Reads the name of a blob to write. */
  public static ResourceName ofUpload(String name) {
    List<String> parts = parts(name);
    int keyword = firstKeyword(name, parts);
    if (!parts.get(keyword).equals("uploads") || parts.size() < keyword + 3) {
      throw malformed(name);
    }
    checkUuid(name, parts.get(keyword + 1));
    return blob(name, parts, instance(parts, keyword), keyword + 2, true);
  }

  private static ResourceName blob(
      String name, List<String> parts, String instance, int keyword, boolean mayGoOn) {
    boolean compressed = parts.get(keyword).equals("compressed-blobs");
    if (!compressed && !parts.get(keyword).equals("blobs")) {
      throw malformed(name);
    }
    if (compressed && (parts.size() <= keyword + 1 || !parts.get(keyword + 1).equals("zstd"))) {
      throw Refusal.invalid("the compressor here is zstd: " + name);
    }
    int hash = keyword + (compressed ? 2 : 1);
    if (parts.size() < hash + 2 || (parts.size() > hash + 2 && !mayGoOn)) {
      throw malformed(name);
    }
    String text = String.join("/", parts.subList(0, hash + 2));
    return new ResourceName(
        text, instance, digest(name, parts.get(hash), parts.get(hash + 1)), compressed);
  }

  private static Digest digest(String name, String hash, String size) {
    try {
      return Digest.parse(hash + "/" + size);
    } catch (IllegalArgumentException e) {
      throw malformed(name);
    }
  }

  private static List<String> parts(String name) {
    return Arrays.asList(name.split("/", -1));
  }

  private static int firstKeyword(String name, List<String> parts) {
    for (int i = 0; i < parts.size(); i++) {
      if (KEYWORDS.contains(parts.get(i))) {
        return i;
      }
    }
    throw malformed(name);
  }

  private static String instance(List<String> parts, int keyword) {
    return String.join("/", parts.subList(0, keyword));
  }

  private static void checkUuid(String name, String uuid) {
    try {
      if (uuid.length() == 36) {
        UUID.fromString(uuid);
        return;
      }
    } catch (IllegalArgumentException e) {
      throw malformed(name);
    }
    throw malformed(name);
  }

  private static Refusal malformed(String name) {
    return Refusal.invalid(
        "not the name of a blob ([INSTANCE/]blobs/HASH/SIZE, or [INSTANCE/]uploads/UUID/blobs/HASH/SIZE, or compressed-blobs/zstd for blobs): '%s'"
            .formatted(name));
  }
}
