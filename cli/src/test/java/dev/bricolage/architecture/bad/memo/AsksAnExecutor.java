package dev.bricolage.architecture.bad.memo;

import dev.bricolage.architecture.bad.execute.LocalExecutor;

/** Breaks: memo knows neither files nor processes. */
record AsksAnExecutor(LocalExecutor executor) {}
