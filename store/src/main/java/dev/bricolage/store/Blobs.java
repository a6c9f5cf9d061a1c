package dev.bricolage.store;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes by their digest. A blob that is not there, or whose bytes are no longer the digest's, is
 * missing, which is an answer and no error: whoever needs it computes it again. Implementations are
 * safe for any number of threads and, on disk, processes; {@code BlobsContract} holds them to this.
 *
 * <p>Methods throw {@link IOException} for the caller's own files and {@link StoreException} (so
 * {@link NoSpace}) for the store's.
 */
public interface Blobs {
  /** Whether the blob is there; its size is checked, its bytes are not read. */
  boolean has(Digest digest);

  /**
   * Whether a blob of this name is there; looking does not count as a use, so it says nothing of
   * how long the blob stays.
   */
  default boolean isStored(Digest digest) {
    return has(digest);
  }

  /**
   * Of these blobs, those that cannot be had: where blobs may come from elsewhere, the ones that
   * are neither here nor there.
   */
  default Set<Digest> lacking(Collection<Digest> digests) {
    Set<Digest> lacking = new LinkedHashSet<>(digests);
    lacking.removeIf(this::has);
    return lacking;
  }

  /** These are going to be read: what must come from elsewhere may come at once. */
  default void gather(Collection<Digest> digests) {}

  /** All of a blob's bytes, checked against the digest. For those that fit in memory. */
  Optional<byte[]> read(Digest digest);

  /**
   * A blob's bytes as a stream, to be closed. They are hashed on the way: where the stream would
   * end it throws {@link DamagedBlob} when they were not the digest's.
   */
  Optional<InputStream> open(Digest digest);

  /**
   * The same from {@code offset} on, which is at most the size. Nothing before it is read, and so
   * nothing is checked unless it is 0: for who has the head, and checks the whole.
   */
  default Optional<InputStream> open(Digest digest, long offset) throws IOException {
    Optional<InputStream> opened = open(digest);
    if (opened.isPresent()) {
      opened.get().skipNBytes(offset);
    }
    return opened;
  }

  /** Keeps these bytes. */
  Digest put(byte[] bytes);

  /**
   * Keeps a file's bytes as they are read now; a symbolic link is followed. Bytes that change
   * meanwhile give some mixture and its true digest: compare {@code Stat}s around this call.
   */
  Digest put(Path file) throws IOException;

  /** Keeps the bytes up to the stream's end; does not close it. */
  Digest put(InputStream bytes) throws IOException;

  /** Begins a blob that comes in pieces; to be closed. Here it waits in memory. */
  default Arrival arrive() {
    return new Gathered(this);
  }

  /**
   * Keeps a file's bytes and removes the file; moves it, where that is possible, so its bytes are
   * read once and not written. The file must be the caller's alone: nobody may have it open.
   */
  default Digest take(Path file) throws IOException {
    Digest digest = put(file);
    Files.delete(file);
    return digest;
  }

  /**
   * Makes {@code target} a cheap copy that nobody may write into: on disk a hard link of the blob,
   * mode 0644 or 0755, mtime 1. Only for places whose writes go elsewhere, such as the lower layer
   * of an overlay; never for a user's tree.
   *
   * @return false when the blob is missing
   * @throws java.nio.file.FileAlreadyExistsException when something is at {@code target}
   */
  boolean link(Digest digest, Path target, boolean executable) throws IOException;

  /**
   * Makes {@code target} a copy of its own, hashed on the way; when the blob proves damaged, {@code
   * target} is removed again.
   *
   * @param mode permission bits, whatever the umask
   * @return false when the blob is missing
   * @throws java.nio.file.FileAlreadyExistsException when something is at {@code target}
   */
  boolean copy(Digest digest, Path target, int mode) throws IOException;
}
