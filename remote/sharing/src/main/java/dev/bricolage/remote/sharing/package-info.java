/**
 * What colleagues have computed, by way of a cache that all of them reach.
 *
 * <p>{@link dev.bricolage.remote.sharing.Sharing} puts a remote cache behind the house's own
 * memory: {@link dev.bricolage.remote.sharing.SharedTraces} asks it for the traces of a key that
 * memory does not answer, and {@link dev.bricolage.remote.sharing.SharedBlobs} for bytes that the
 * store lacks, when somebody reads them. Traces are walked here, in this machine's view, so what
 * came from elsewhere fits by the same test as what was remembered here. What is recorded is
 * published behind the back of the build ({@link dev.bricolage.remote.sharing.Publisher}).
 *
 * <p>A cache that is away, slow or wrong costs time and never an answer: it is told of once, and
 * the build goes on without it.
 */
@NullMarked
package dev.bricolage.remote.sharing;

import org.jspecify.annotations.NullMarked;
