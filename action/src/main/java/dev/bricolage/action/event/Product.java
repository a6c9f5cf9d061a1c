package dev.bricolage.action.event;

import dev.bricolage.action.Digest;
import java.util.Optional;

/**
 * A file that a build made.
 *
 * @param path absolute
 * @param digest of its bytes, if it is known
 */
public record Product(String path, Optional<Digest> digest) {}
