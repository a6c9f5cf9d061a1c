package dev.bricolage.architecture.bad.sandbox;

import dev.bricolage.architecture.bad.memo.Memo;

/** Breaks: sandbox obeys plans. */
public record Sandbox(Memo memo) {}
