/**
 * {@code bric run}: any command as a pure function of its workspace.
 *
 * <p>{@link dev.bricolage.fronts.run.Workspace} is a checkout; {@link
 * dev.bricolage.fronts.run.Visibility} says which of its files are inputs, as git sees them; {@link
 * dev.bricolage.fronts.run.WorkspaceFacts} answers a trace's questions from it as it is now, {@link
 * dev.bricolage.fronts.run.WorkspaceSnapshot} takes it into the store when a command must run, and
 * {@link dev.bricolage.fronts.run.WriteBack} brings the outcome home. {@link
 * dev.bricolage.fronts.run.RunFront} is the whole journey. Nothing here starts a process or touches
 * the store's files.
 */
@NullMarked
package dev.bricolage.fronts.run;

import org.jspecify.annotations.NullMarked;
