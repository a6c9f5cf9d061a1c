package dev.bricolage.memo.engine;

/**
 * What is in a memo.
 *
 * @param nodes keys that were ever asked or set
 * @param values of them, those that have a value, stale ones too
 * @param weight what the values of computed keys weigh; 0 without a budget
 * @param edges how many times somebody is to hear of a change
 */
public record Census(long nodes, long values, long weight, long edges) {}
