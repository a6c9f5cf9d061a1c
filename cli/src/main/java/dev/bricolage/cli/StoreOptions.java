package dev.bricolage.cli;

import java.util.Optional;

/** {@code bric store}: what to do with the store. */
public sealed interface StoreOptions {
  /** {@code stat}: counts and bytes by kind. */
  record Stat(boolean json) implements StoreOptions {}

  /** {@code verify}: every blob is hashed again; damaged ones are told and removed. */
  record Verify(boolean json) implements StoreOptions {}

  /**
   * {@code gc}: what was used longest ago goes, until the rest fits.
   *
   * @param budget bytes that may stay; empty for the configured budget
   */
  record Gc(Optional<Long> budget, boolean json) implements StoreOptions {}

  /** {@code cat}: a blob's bytes, named by {@code HASH} or {@code HASH/SIZE}. */
  record Cat(String digest) implements StoreOptions {}

  /** {@code ls}: digest and size of every blob. */
  record Ls() implements StoreOptions {}
}
