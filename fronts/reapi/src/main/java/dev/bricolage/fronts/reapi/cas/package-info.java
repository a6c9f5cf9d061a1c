/**
 * Blobs over the wire: {@link dev.bricolage.fronts.reapi.cas.CasService} in batches, whose answers
 * have so much {@code Room} and no more, and large ones in {@code Chunks}; {@link
 * dev.bricolage.fronts.reapi.cas.ByteStreamService} as streams, of which {@link
 * dev.bricolage.fronts.reapi.cas.Uploads} keeps those that were interrupted. {@link
 * dev.bricolage.fronts.reapi.cas.Folders} reads trees and trusts nothing in them.
 */
@NullMarked
package dev.bricolage.fronts.reapi.cas;

import org.jspecify.annotations.NullMarked;
