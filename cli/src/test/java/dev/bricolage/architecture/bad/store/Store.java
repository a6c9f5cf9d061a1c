package dev.bricolage.architecture.bad.store;

import dev.bricolage.architecture.bad.action.Noun;
import dev.bricolage.architecture.bad.execute.LocalExecutor;

/** Breaks: store stores. */
public record Store(Noun noun, LocalExecutor executor) {
  /** What only cli may call. */
  public static Store open() {
    return new Store(new Noun("store"), new LocalExecutor());
  }
}
