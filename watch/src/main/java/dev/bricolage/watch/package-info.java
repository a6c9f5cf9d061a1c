/**
 * A folder as the world of a memo, and what changes in it.
 *
 * <p>{@link dev.bricolage.watch.Folder} is the {@link dev.bricolage.memo.View}: it answers {@link
 * dev.bricolage.watch.FileText}, {@link dev.bricolage.watch.FileExists} and {@link
 * dev.bricolage.watch.FolderNames}, and nothing outside of the folder. {@link
 * dev.bricolage.watch.Watch} listens to the kernel and makes of each burst of changes one revision.
 * What it hears makes a memo fast, and never makes it right: that is what {@code memo.verify} is
 * for, which asks the folder again (docs/design/watching.md).
 *
 * <p>{@link dev.bricolage.watch.Changes} is where changes are heard of; {@link
 * dev.bricolage.watch.DirectoryChanges} hears of them from directory-watcher, and is the only class
 * that knows that library.
 */
@NullMarked
package dev.bricolage.watch;

import org.jspecify.annotations.NullMarked;
