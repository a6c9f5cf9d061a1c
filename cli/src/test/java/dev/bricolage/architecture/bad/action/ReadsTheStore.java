package dev.bricolage.architecture.bad.action;

import dev.bricolage.architecture.bad.store.Store;

/** Breaks: action depends on nothing; no cycles. */
record ReadsTheStore(Store store) {}
