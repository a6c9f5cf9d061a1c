package dev.bricolage.toy.query;

import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Query;
import java.util.stream.Stream;

/**
 * What the compiler computes; all of it outlasts the process.
 *
 * @param <V> the type of its value
 */
public sealed interface Stage<V> extends Query<V>, Persistent<V>
    permits Tokens, Items, Slice, Syntax, Scope, Homes, Signature, Constant, Check, Code, Program {
  /** All keys of the compiler, to be found again in what was remembered. */
  static Kinds kinds() {
    return Kinds.ofRecords(
        Stream.concat(
                Stream.of(SourceText.class, SourceExists.class),
                Stream.of(Stage.class.getPermittedSubclasses()))
            .toArray(Class<?>[]::new));
  }

  /** Raised with every change of the language, so that no old answer is taken for a new one. */
  @Override
  default String version() {
    return "1";
  }
}
