package dev.bricolage.architecture.bad.action;

/** What others depend on. */
public record Noun(String name) {}
