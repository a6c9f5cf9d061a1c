/**
 * The house's executor on other machines: {@link dev.bricolage.remote.workers.RemoteExecutor} sends
 * an action to a server's workers. A server like ours is asked for the whole outcome and what the
 * run looked at ({@link dev.bricolage.remote.workers.WholeWork}), any other for the working
 * directory ({@link dev.bricolage.remote.workers.PlainWork}). {@link
 * dev.bricolage.remote.workers.OrHere} and {@link dev.bricolage.remote.workers.Racing} join it with
 * the executor of this machine, which has its {@link dev.bricolage.remote.workers.Places}.
 */
@NullMarked
package dev.bricolage.remote.workers;

import org.jspecify.annotations.NullMarked;
