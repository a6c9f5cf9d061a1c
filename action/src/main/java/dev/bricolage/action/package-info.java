/**
 * Nouns only: what a build step is, what it gave, what there is at a path. Records without I/O and
 * without dependencies, encoded as the Remote Execution API encodes them, byte for byte, so that
 * nothing is hashed again in order to travel.
 *
 * <p>The tour: {@link dev.bricolage.action.Digest} names bytes; {@link
 * dev.bricolage.action.TreePath} names a place inside a tree; {@link
 * dev.bricolage.action.Directory} is one folder of a tree and {@link dev.bricolage.action.Tree} a
 * whole one; {@link dev.bricolage.action.Command} is what to run and {@link
 * dev.bricolage.action.Outcome} what came of it; {@link dev.bricolage.action.PathFact} is a
 * question about a path, as weak as what a process asked.
 */
@NullMarked
package dev.bricolage.action;

import org.jspecify.annotations.NullMarked;
