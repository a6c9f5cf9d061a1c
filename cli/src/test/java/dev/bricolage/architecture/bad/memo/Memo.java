package dev.bricolage.architecture.bad.memo;

import java.nio.file.Path;

/** Breaks: memo does no input or output. */
public record Memo(Path file) {}
