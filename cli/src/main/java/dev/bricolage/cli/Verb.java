package dev.bricolage.cli;

import java.io.IOException;

/** A command of the command line, after its words were parsed into its fields. */
interface Verb {
  /** Carries it out and returns the exit status; errors as {@link Work} has them. */
  int perform(Work work, Session session) throws Failure, IOException, InterruptedException;
}
