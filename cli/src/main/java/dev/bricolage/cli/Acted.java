package dev.bricolage.cli;

/**
 * How a command ended that the client ran itself.
 *
 * @param status its exit status, 0 when a signal ended it
 * @param signal what ended it, or 0
 */
record Acted(int status, int signal) {}
