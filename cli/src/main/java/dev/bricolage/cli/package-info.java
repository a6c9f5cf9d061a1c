/**
 * The daemon and the command line: the only place where implementations are chosen.
 *
 * <p>The tour, in the order a request travels. {@link dev.bricolage.cli.Daemon} accepts connections
 * on the socket that the native client listens on and gives it as descriptor 0. A {@link
 * dev.bricolage.cli.Connection} shakes hands, reads one {@link dev.bricolage.cli.Request} and runs
 * it as a {@link dev.bricolage.cli.Session}, whose output leaves through an {@link
 * dev.bricolage.cli.Outbox} as {@link dev.bricolage.cli.Frame}s. {@link dev.bricolage.cli.Commands}
 * parses the words; each verb hands its options, a record, to {@link dev.bricolage.cli.Work}, which
 * {@link dev.bricolage.cli.Wiring} puts together. Errors that the user can act on are {@link
 * dev.bricolage.cli.Failure}s and carry an {@link dev.bricolage.cli.ExitStatus}.
 */
@NullMarked
package dev.bricolage.cli;

import org.jspecify.annotations.NullMarked;
