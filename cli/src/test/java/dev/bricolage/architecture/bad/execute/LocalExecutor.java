package dev.bricolage.architecture.bad.execute;

import org.lmdbjava.Env;

/** Breaks: execute joins them; only the store knows its database. */
public final class LocalExecutor {
  boolean isDatabase(Object object) {
    return object instanceof Env;
  }
}
