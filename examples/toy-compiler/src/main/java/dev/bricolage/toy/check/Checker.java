package dev.bricolage.toy.check;

import dev.bricolage.toy.syntax.Definition;
import dev.bricolage.toy.syntax.Expr;
import dev.bricolage.toy.syntax.Problem;
import dev.bricolage.toy.syntax.Symbol;
import dev.bricolage.toy.syntax.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The types of one definition. Of all others it knows their symbols. */
public final class Checker {
  private final Map<String, Symbol> symbols;
  private final Definition definition;
  private final List<Problem> problems = new ArrayList<>();

  private Checker(Definition definition, Map<String, Symbol> symbols) {
    this.definition = definition;
    this.symbols = symbols;
  }

  /**
   * What is wrong with a definition.
   *
   * @param symbols of the names it {@link Definition#uses uses}, without those that nobody defines
   */
  public static Problems check(Definition definition, Map<String, Symbol> symbols) {
    Checker checker = new Checker(definition, symbols);
    switch (definition) {
      case Definition.Broken broken -> checker.problems.add(broken.problem());
      case Definition.Constant constant -> checker.expect(Type.INT, constant.value());
      case Definition.Function function -> checker.expect(function.result(), function.body());
    }
    checker.problems.sort(Comparator.comparingInt(Problem::at));
    return new Problems(checker.problems);
  }

  private void expect(Type expected, Expr expression) {
    Type found = type(expression);
    if (!found.agreesWith(expected)) {
      problem(expression, "this must be " + expected + ", not " + found);
    }
  }

  private Type type(Expr expression) {
    return switch (expression) {
      case Expr.Literal _ -> Type.INT;
      case Expr.Truth _ -> Type.BOOL;
      case Expr.Name name -> name(name);
      case Expr.Call call -> call(call);
      case Expr.Negate negate -> expecting(Type.INT, negate.of(), Type.INT);
      case Expr.Not not -> expecting(Type.BOOL, not.of(), Type.BOOL);
      case Expr.Binary binary -> {
        expect(binary.operator().takes(), binary.left());
        yield expecting(binary.operator().takes(), binary.right(), binary.operator().gives());
      }
      case Expr.If choice -> choice(choice);
    };
  }

  private Type expecting(Type expected, Expr part, Type gives) {
    expect(expected, part);
    return gives;
  }

  private Type choice(Expr.If choice) {
    expect(Type.BOOL, choice.condition());
    Type type = type(choice.yes());
    expect(type, choice.no());
    return type;
  }

  private Type name(Expr.Name name) {
    if (definition instanceof Definition.Function function && function.indexOf(name.name()) >= 0) {
      return function.parameters().get(function.indexOf(name.name())).type();
    }
    return switch (symbols.get(name.name())) {
      case null -> undefined(name, name.name());
      case Symbol.Constant _ -> Type.INT;
      case Symbol.Function _ -> unknown(name, name.name() + " is a function: call it");
      case Symbol.Unreadable _ -> Type.UNKNOWN;
    };
  }

  private Type call(Expr.Call call) {
    if (definition instanceof Definition.Constant) {
      return unknown(call, "a constant cannot call a function");
    }
    return switch (symbols.get(call.function())) {
      case null -> undefined(call, call.function());
      case Symbol.Constant _ -> unknown(call, call.function() + " is a constant: it takes nothing");
      case Symbol.Unreadable _ -> Type.UNKNOWN;
      case Symbol.Function function -> {
        arguments(call, function);
        yield function.result();
      }
    };
  }

  private void arguments(Expr.Call call, Symbol.Function function) {
    int wanted = function.parameters().size();
    int given = call.arguments().size();
    if (given != wanted) {
      problem(call, "%s%s is given %d".formatted(call.function(), function, given));
    }
    for (int i = 0; i < given; i++) {
      expect(i < wanted ? function.parameters().get(i) : Type.UNKNOWN, call.arguments().get(i));
    }
  }

  private Type undefined(Expr at, String name) {
    return unknown(at, name + " is not defined here, nor in an imported file");
  }

  private Type unknown(Expr at, String message) {
    problem(at, message);
    return Type.UNKNOWN;
  }

  private void problem(Expr at, String message) {
    problems.add(new Problem(at.at(), message));
  }
}
