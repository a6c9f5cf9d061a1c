package dev.bricolage.architecture.bad.fronts.run;

import dev.bricolage.architecture.bad.cli.Commands;
import dev.bricolage.architecture.bad.execute.LocalExecutor;
import dev.bricolage.architecture.bad.sandbox.Sandbox;
import dev.bricolage.architecture.bad.store.Store;

/** Breaks: fronts ask; narrow faces; processes; only cli chooses; nothing depends on cli. */
record ActsItself(Sandbox sandbox, ProcessBuilder builder, Commands commands) {
  static Store store() {
    return Store.open();
  }

  static LocalExecutor executor() {
    return new LocalExecutor();
  }
}
