package dev.bricolage.toy.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From the tokens of one item to its definition, by recursive descent; operators by their strength.
 */
public final class Parser {
  /** Deeper than anybody writes, and far from the end of a thread's stack. */
  private static final int DEEPEST = 100;

  private final TokenList tokens;
  private int next;
  private int depth;

  private Parser(TokenList tokens) {
    this.tokens = tokens;
  }

  /** The definition that an item's tokens make, from {@code const} or {@code fun} on. */
  public static Definition definition(TokenList item) {
    Parser parser = new Parser(item);
    try {
      Definition definition = parser.item();
      parser.end();
      return definition;
    } catch (Mistake mistake) {
      return new Definition.Broken(mistake.problem);
    }
  }

  /** What is in an item's header: a mistake in its body leaves it readable. */
  public static Symbol symbol(TokenList item) {
    Parser parser = new Parser(item);
    if (parser.sees("const")) {
      return new Symbol.Constant();
    }
    try {
      Header header = parser.header();
      return new Symbol.Function(
          header.parameters().stream().map(Definition.Parameter::type).toList(), header.result());
    } catch (Mistake mistake) {
      return new Symbol.Unreadable();
    }
  }

  private Definition item() throws Mistake {
    if (sees("fun")) {
      Header header = header();
      take("=");
      return new Definition.Function(header.parameters(), header.result(), expression());
    }
    take("const");
    name();
    take("=");
    return new Definition.Constant(expression());
  }

  /** A function up to its body. */
  private record Header(List<Definition.Parameter> parameters, Type result) {}

  private Header header() throws Mistake {
    take("fun");
    name();
    take("(");
    List<Definition.Parameter> parameters = parameters();
    take(")");
    take(":");
    return new Header(parameters, type());
  }

  private List<Definition.Parameter> parameters() throws Mistake {
    List<Definition.Parameter> parameters = new ArrayList<>();
    if (sees(")")) {
      return parameters;
    }
    do {
      Token name = tokens.at(next);
      if (parameters.stream().anyMatch(other -> other.name().equals(name.text()))) {
        throw mistake("there is a parameter " + name + " already");
      }
      name();
      take(":");
      parameters.add(new Definition.Parameter(name.text(), type()));
    } while (skips(","));
    return parameters;
  }

  private Type type() throws Mistake {
    if (skips("int")) {
      return Type.INT;
    }
    if (skips("bool")) {
      return Type.BOOL;
    }
    throw expected("int or bool");
  }

  private Expr expression() throws Mistake {
    int outside = depth;
    deepen();
    Expr inside = sees("if") ? choice() : binary(1);
    depth = outside;
    return inside;
  }

  private Expr choice() throws Mistake {
    int at = next;
    take("if");
    Expr condition = expression();
    take("then");
    Expr yes = expression();
    take("else");
    return new Expr.If(at, condition, yes, expression());
  }

  /** Precedence climbing: an expression of operators that are at least this strong. */
  private Expr binary(int weakest) throws Mistake {
    int outside = depth;
    Expr left = operand();
    while (true) {
      int at = next;
      Optional<Operator> operator =
          Operator.of(tokens.at(at)).filter(found -> found.strength() >= weakest);
      if (operator.isEmpty()) {
        depth = outside;
        return left;
      }
      deepen();
      next++;
      left = new Expr.Binary(at, operator.get(), left, binary(operator.get().strength() + 1));
    }
  }

  private Expr operand() throws Mistake {
    int at = next;
    if (skips("-")) {
      return new Expr.Negate(at, deeperOperand());
    }
    if (skips("not")) {
      return new Expr.Not(at, deeperOperand());
    }
    if (skips("(")) {
      Expr inner = expression();
      take(")");
      return inner;
    }
    if (sees("true") || sees("false")) {
      return new Expr.Truth(at, tokens.at(next++).is("true"));
    }
    if (tokens.at(at).kind() == Token.Kind.NUMBER) {
      return number();
    }
    if (!tokens.at(at).isName()) {
      throw expected("an expression");
    }
    String name = name();
    return skips("(") ? new Expr.Call(at, name, arguments()) : new Expr.Name(at, name);
  }

  private Expr number() throws Mistake {
    int at = next;
    try {
      long value = Long.parseLong(tokens.at(at).text());
      next++;
      return new Expr.Literal(at, value);
    } catch (NumberFormatException tooLarge) {
      throw mistake(tokens.at(at) + " is more than " + Long.MAX_VALUE);
    }
  }

  private List<Expr> arguments() throws Mistake {
    List<Expr> arguments = new ArrayList<>();
    if (skips(")")) {
      return arguments;
    }
    do {
      arguments.add(expression());
    } while (skips(","));
    take(")");
    return arguments;
  }

  private Expr deeperOperand() throws Mistake {
    deepen();
    Expr operand = operand();
    depth--;
    return operand;
  }

  /** What is walked later by recursion has this depth at most, long sums too. */
  private void deepen() throws Mistake {
    if (++depth > DEEPEST) {
      throw mistake("more than " + DEEPEST + " expressions in one another");
    }
  }

  private boolean sees(String word) {
    return tokens.at(next).is(word);
  }

  private boolean skips(String word) {
    if (!sees(word)) {
      return false;
    }
    next++;
    return true;
  }

  private void take(String word) throws Mistake {
    if (!skips(word)) {
      throw expected(word);
    }
  }

  private String name() throws Mistake {
    if (!tokens.at(next).isName()) {
      throw expected("a name");
    }
    return tokens.at(next++).text();
  }

  private void end() throws Mistake {
    if (next < tokens.size()) {
      throw expected("import, const or fun");
    }
  }

  private Mistake expected(String what) {
    return mistake(what + " must stand here, not " + tokens.at(next));
  }

  private Mistake mistake(String message) {
    return new Mistake(new Problem(next, message));
  }

  /** The way out of the descent. */
  private static final class Mistake extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Mistake(Problem problem) {
      super(problem.message(), null, false, false);
      this.problem = problem;
    }
  }
}
