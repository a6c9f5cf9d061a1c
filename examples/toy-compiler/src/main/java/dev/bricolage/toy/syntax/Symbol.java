package dev.bricolage.toy.syntax;

import java.util.List;
import java.util.stream.Collectors;

/** What others may know of an item: not what it does. */
public sealed interface Symbol {
  /** A constant, which is an int. */
  record Constant() implements Symbol {}

  /** A function of these types. */
  record Function(List<Type> parameters, Type result) implements Symbol {
    /** Copies. */
    public Function {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String toString() {
      return parameters.stream().map(Type::toString).collect(Collectors.joining(", ", "(", "): "))
          + result;
    }
  }

  /** Something is wrong with it, which is told where it stands and not where it is used. */
  record Unreadable() implements Symbol {}
}
