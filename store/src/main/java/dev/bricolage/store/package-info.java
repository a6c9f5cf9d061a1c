/**
 * What outlasts a daemon, under one folder ({@code BRIC_HOME}): blobs, traces, the digests of host
 * files, what was written back into workspaces, the history of runs. Every byte of it is described
 * in {@code docs/formats/store.md}, the reasons in {@code docs/design/store.md}.
 *
 * <p>The tour: {@link dev.bricolage.store.Store} opens it all and hands out the narrow parts:
 * {@link dev.bricolage.store.Blobs} (bytes by digest, on disk or in memory), {@link
 * dev.bricolage.memo.trace.TraceNodes}, {@link dev.bricolage.store.FileDigests}, {@link
 * dev.bricolage.store.Products}, {@link dev.bricolage.store.Runs}, and for housekeeping {@link
 * dev.bricolage.store.StoreGc} and {@link dev.bricolage.store.StoreCheck}. All but the blobs are
 * rows of {@link dev.bricolage.store.Tables}: on disk an LMDB file with a journal before it.
 *
 * <p>Two kinds of failure: an {@link java.io.IOException} is about a file the caller named, a
 * {@link dev.bricolage.store.StoreException} about the store's own. Damage is neither: what is
 * damaged is dropped and then missing, and what is missing is computed again.
 */
@NullMarked
package dev.bricolage.store;

import org.jspecify.annotations.NullMarked;
