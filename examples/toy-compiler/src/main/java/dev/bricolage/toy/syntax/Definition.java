package dev.bricolage.toy.syntax;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An item, parsed. */
public sealed interface Definition {
  /** {@code const name = value}. */
  record Constant(Expr value) implements Definition {}

  /** {@code fun name(parameters): result = body}. */
  record Function(List<Parameter> parameters, Type result, Expr body) implements Definition {
    /** Copies. */
    public Function {
      parameters = List.copyOf(parameters);
    }

    /** Which parameter this is, from 0; -1 for none. */
    public int indexOf(String name) {
      return parameters.stream().map(Parameter::name).toList().indexOf(name);
    }
  }

  /** What cannot be parsed. */
  record Broken(Problem problem) implements Definition {}

  /** A parameter of a function. */
  record Parameter(String name, Type type) {}

  /** The names of others that it uses. */
  default SortedSet<String> uses() {
    SortedSet<String> names = new TreeSet<>(calls());
    names.addAll(constants());
    return Collections.unmodifiableSortedSet(names);
  }

  /** The functions it calls. */
  default SortedSet<String> calls() {
    return names(
        expressions()
            .flatMap(part ->
                part instanceof Expr.Call call ? Stream.of(call.function()) : Stream.empty()));
  }

  /** The constants it uses, that is, names that are no parameters. */
  default SortedSet<String> constants() {
    return names(
        expressions()
            .flatMap(part -> part instanceof Expr.Name name ? Stream.of(name.name()) : Stream.of())
            .filter(name -> !(this instanceof Function f) || f.indexOf(name) < 0));
  }

  private Stream<Expr> expressions() {
    return switch (this) {
      case Constant constant -> constant.value().all();
      case Function function -> function.body().all();
      case Broken _ -> Stream.empty();
    };
  }

  private static SortedSet<String> names(Stream<String> names) {
    return names.collect(Collectors.toCollection(TreeSet::new));
  }
}
