package dev.bricolage.store;

import dev.bricolage.action.Digest;

/**
 * A blob that comes in pieces, from somebody who has said what it will be. It is hashed on its way
 * and becomes a blob only when it is whole and right; until then nobody finds it. On disk it holds
 * an open file. Not for several threads at once.
 *
 * <p>Methods throw {@link StoreException}, so {@link NoSpace}; after that it can only be closed.
 */
public interface Arrival extends AutoCloseable {
  /** The next bytes. */
  void write(byte[] bytes, int offset, int length);

  /** How many bytes came so far. */
  long size();

  /**
   * Ends it: the bytes become the blob {@code wanted}, if they are.
   *
   * @return false when they are not, and then nothing is kept
   */
  boolean finish(Digest wanted);

  /** Drops what was not kept. */
  @Override
  void close();
}
