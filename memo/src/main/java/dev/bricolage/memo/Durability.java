package dev.bricolage.memo;

/**
 * How often an input changes (after salsa's durability). Of inputs that change all the time it is
 * remembered who asked them, so that a change finds what it affects; for those that seldom do, this
 * would be a waste, and a change makes all that rest on them look again.
 */
public enum Durability {
  /** Sources: who asked is remembered, and a change costs what it affects. */
  LOW,
  /** System files, toolchains: a change makes everything that rests on such an input look again. */
  HIGH,
  /** Never changes within this memo's life, as in the view of a snapshot. Nothing is remembered. */
  FIXED
}
