package dev.bricolage.memo;

/**
 * One question a run asked, and the answer it got.
 *
 * @param answer a canonical text: a digest, or the answer itself where that is short
 */
public record Step(Question question, String answer) {}
