/**
 * Between REAPI's messages and our nouns: {@link dev.bricolage.fronts.reapi.wire.Digests}, the
 * {@link dev.bricolage.fronts.reapi.wire.ResourceName} of a blob in ByteStream, zstd as a stream
 * ({@link dev.bricolage.fronts.reapi.wire.Inflater}, {@link
 * dev.bricolage.fronts.reapi.wire.Deflater}), and what a client did wrong as a {@link
 * dev.bricolage.fronts.reapi.wire.Refusal}, which {@link dev.bricolage.fronts.reapi.wire.Refusals}
 * turns into the call's status.
 */
@NullMarked
package dev.bricolage.fronts.reapi.wire;

import org.jspecify.annotations.NullMarked;
