package dev.bricolage.store;

import java.time.Instant;

/**
 * A blob as it lies there. Looking at it so is no use, and says nothing of how long it stays.
 *
 * @param bytes whole, and the digest's
 * @param lastUse at most a quarter of an hour before the true one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Glance(byte[] bytes, Instant lastUse) {}
