/**
 * A checkout, from both sides: what of it a command sees, and how what it made comes home.
 *
 * <p>{@link dev.bricolage.workspace.Workspace} is a checkout; {@link
 * dev.bricolage.workspace.Visibility} says which of its files are inputs, as git sees them; {@link
 * dev.bricolage.workspace.WorkspaceFacts} answers a trace's questions from it as it is now, {@link
 * dev.bricolage.workspace.WorkspaceSnapshot} takes it into the store when a command must run, and
 * {@link dev.bricolage.workspace.WriteBack} brings the outcome home. {@link
 * dev.bricolage.workspace.Settings} is what its {@code bric.toml} says, {@link
 * dev.bricolage.workspace.Environment} which of the user's variables a command sees. Nothing here
 * starts a process or touches the store's files.
 */
@NullMarked
package dev.bricolage.workspace;

import org.jspecify.annotations.NullMarked;
