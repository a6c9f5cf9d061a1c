package dev.bricolage.remote.workers;

/** Where actions run that memory does not answer. */
public enum Strategy {
  /** On this machine. */
  LOCAL,
  /** On the server's workers; here, when they cannot. */
  REMOTE,
  /** Both at once: who is done first is believed, and the other is ended. */
  RACE
}
