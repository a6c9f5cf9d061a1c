package dev.bricolage.architecture.bad.watch;

import dev.bricolage.architecture.bad.store.Store;

/** Breaks: watch hears of changes. */
record Watch(Store store) {}
