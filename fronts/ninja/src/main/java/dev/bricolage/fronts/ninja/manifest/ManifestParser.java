package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.CanonicalPath;
import dev.bricolage.fronts.ninja.text.LeadingNumber;
import dev.bricolage.fronts.ninja.text.Lexer;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.text.Template;
import dev.bricolage.fronts.ninja.text.Token;
import dev.bricolage.fronts.ninja.text.Words;
import java.util.Optional;

/** Reads one file of a manifest into a graph, and the files it names with parsers of their own. */
final class ManifestParser {
  private final ManifestReading reading;
  private final Graph graph;
  private final Lexer lexer;
  private final int scopeNumber;
  private final Scope scope;
  private final int depth;
  private final byte[] text;

  /** The spans of the statement being read: where they begin and end, negated end if plain. */
  private final IntList spans = new IntList();

  private final Bytes buffer = new Bytes();
  private int edge;

  ManifestParser(ManifestReading reading, String file, byte[] content, int scopeNumber, int depth) {
    this.reading = reading;
    this.graph = reading.graph();
    this.lexer = new Lexer(file, content);
    this.scopeNumber = scopeNumber;
    this.scope = graph.scopes.get(scopeNumber);
    this.depth = depth;
    this.text = lexer.text();
  }

  void parse() throws NinjaError {
    while (true) {
      Token token = lexer.read();
      switch (token) {
        case POOL -> parsePool();
        case BUILD -> parseEdge();
        case RULE -> parseRule();
        case DEFAULT -> parseDefault();
        case IDENT -> {
          lexer.unread();
          parseVariable();
        }
        case INCLUDE -> parseInclude(false);
        case SUBNINJA -> parseInclude(true);
        case NEWLINE -> {}
        case END -> {
          return;
        }
        case ERROR -> throw lexer.error(lexer.describeError());
        default -> throw lexer.error("unexpected " + token.spelling());
      }
    }
  }

  private void parseVariable() throws NinjaError {
    int name = readLetName();
    lexer.value();
    int value = readValue();
    if (name == reading.versionName()) {
      RequiredVersion.check(graph.words.text(value), reading.warning());
    }
    scope.set(name, value);
  }

  private void parsePool() throws NinjaError {
    lexer.name("expected pool name");
    String name = lexer.word();
    lexer.expect(Token.NEWLINE);
    if (graph.poolNumbers.containsKey(name)) {
      throw lexer.error("duplicate pool '" + name + "'");
    }
    int limit = -1;
    while (lexer.accept(Token.INDENT)) {
      int key = readLetName();
      lexer.value();
      if (key != reading.depthName()) {
        throw lexer.error("unexpected variable '" + graph.words.text(key) + "'");
      }
      limit = LeadingNumber.of(graph.words.text(readValue()));
      if (limit < 0) {
        throw lexer.error("invalid pool depth");
      }
    }
    if (limit < 0) {
      throw lexer.error("expected 'depth =' line");
    }
    graph.add(new Pool(name, limit));
  }

  private void parseRule() throws NinjaError {
    lexer.name("expected rule name");
    String name = lexer.word();
    lexer.expect(Token.NEWLINE);
    if (scope.hasOwnRule(name)) {
      throw lexer.error("duplicate rule '" + name + "'");
    }
    Rule rule = new Rule(name);
    while (lexer.accept(Token.INDENT)) {
      int key = readLetName();
      lexer.value();
      String keyText = graph.words.text(key);
      if (!Rule.VARIABLES.contains(keyText)) {
        throw lexer.error("unexpected variable '" + keyText + "'");
      }
      rule.set(key, Template.of(text, lexer.start(), lexer.end(), graph.words));
    }
    if (isEmpty(rule, "rspfile") != isEmpty(rule, "rspfile_content")) {
      throw lexer.error("rspfile and rspfile_content need to be both specified");
    }
    if (isEmpty(rule, "command")) {
      throw lexer.error("expected 'command =' line");
    }
    scope.add(name, graph.rules.size());
    graph.rules.add(rule);
  }

  private boolean isEmpty(Rule rule, String variable) {
    return rule.isEmpty(graph.words.intern(variable));
  }

  private void parseDefault() throws NinjaError {
    spans.truncate(0);
    if (!lexer.path()) {
      throw lexer.error("expected target name");
    }
    do {
      spans.truncate(0);
      remember();
      buffer.clear();
      fillPath(0, false);
      int path = graph.paths.find(buffer.array(), 0, buffer.length());
      if (path == Words.NONE) {
        throw lexer.error("unknown target '" + buffer + "'");
      }
      graph.defaults.add(path);
    } while (lexer.path());
    lexer.expect(Token.NEWLINE);
  }

  private void parseInclude(boolean ownScope) throws NinjaError {
    lexer.path();
    buffer.clear();
    Template.fill(text, lexer.start(), lexer.end(), this::writeFileVariable, buffer);
    String path = buffer.toString();
    int inner = scopeNumber;
    if (ownScope) {
      inner = graph.scopes.size();
      graph.scopes.add(scope.child());
    }
    ManifestReading.Content content = reading.content(path, depth + 1);
    switch (content) {
      case ManifestReading.Content.Refused(String reason) -> throw lexer.error(reason);
      case ManifestReading.Content.Found(byte[] bytes) ->
          new ManifestParser(reading, path, bytes, inner, depth + 1).parse();
    }
    lexer.expect(Token.NEWLINE);
  }

  private void parseEdge() throws NinjaError {
    spans.truncate(0);
    int explicitOutputs = readPaths();
    int implicitOutputs = lexer.accept(Token.PIPE) ? readPaths() : 0;
    int outputs = explicitOutputs + implicitOutputs;
    if (outputs == 0) {
      throw lexer.error("expected path");
    }
    lexer.expect(Token.COLON);
    lexer.name("expected build command name");
    Optional<Integer> rule = scope.rule(lexer.word());
    if (rule.isEmpty()) {
      throw lexer.error("unknown build rule '" + lexer.word() + "'");
    }
    int inputs = readPaths();
    int implicit = lexer.accept(Token.PIPE) ? readPaths() : 0;
    int orderOnly = lexer.accept(Token.PIPE2) ? readPaths() : 0;
    int validations = lexer.accept(Token.PIPE_AT) ? readPaths() : 0;
    lexer.expect(Token.NEWLINE);

    edge = graph.edges.begin(rule.get(), scopeNumber);
    readBindings();
    choosePool();
    int implicitLeft = addOutputs(outputs, implicitOutputs);
    if (graph.edges.outputs(edge).isEmpty()) {
      // Every output is another edge's already, and warned of.
      graph.edges.drop();
      return;
    }
    graph.edges.setImplicitOutputs(implicitLeft);
    int allInputs = inputs + implicit + orderOnly;
    for (int i = 0; i < allInputs; i++) {
      graph.edges.addInput(path(outputs + i));
    }
    graph.edges.setInputKinds(implicit, orderOnly);
    for (int i = 0; i < validations; i++) {
      graph.edges.addValidation(path(outputs + allInputs + i));
    }
    dropPhonyCycle(implicit);
    findDyndep();
  }

  private int readPaths() throws NinjaError {
    int count = 0;
    while (lexer.path()) {
      remember();
      count++;
    }
    return count;
  }

  private void remember() {
    spans.add(lexer.start());
    spans.add(lexer.isPlain() ? ~lexer.end() : lexer.end());
  }

  private void readBindings() throws NinjaError {
    while (lexer.accept(Token.INDENT)) {
      int name = readLetName();
      lexer.value();
      graph.edges.bind(name, readValue());
    }
  }

  private void choosePool() throws NinjaError {
    buffer.clear();
    new EdgeVariables(graph, edge, true).write(reading.poolName(), buffer);
    if (buffer.isEmpty()) {
      return;
    }
    Integer pool = graph.poolNumbers.get(buffer.toString());
    if (pool == null) {
      throw lexer.error("unknown pool name '" + buffer + "'");
    }
    graph.edges.setPool(pool);
  }

  /** Adds what no other edge makes yet; returns how many implicit outputs are left. */
  private int addOutputs(int outputs, int implicitOutputs) throws NinjaError {
    int implicitLeft = implicitOutputs;
    for (int i = 0; i < outputs; i++) {
      int path = path(i);
      if (graph.producers.get(path) == Manifest.NONE) {
        graph.producers.set(path, edge);
        graph.edges.addOutput(path);
        continue;
      }
      String complaint = "multiple rules generate " + graph.paths.text(path);
      if (reading.choices().duplicatesAreErrors()) {
        throw lexer.error(complaint);
      }
      reading
          .warning()
          .accept(
              complaint + ". builds involving this target will not be correct; continuing anyway");
      if (outputs - i <= implicitOutputs) {
        implicitLeft--;
      }
    }
    return implicitLeft;
  }

  /**
   * Old CMakes write phony edges that need themselves. ninja drops the input and counts it as used
   * all the same, which decides what is built by default.
   */
  private void dropPhonyCycle(int implicit) {
    Ints outputs = graph.edges.outputs(edge);
    boolean may =
        !reading.choices().phonyCyclesAreErrors()
            && graph.edges.rule(edge) == 0
            && outputs.size() == 1
            && graph.edges.implicitOutputs(edge).isEmpty()
            && implicit == 0;
    if (!may || !graph.edges.removeInput(outputs.get(0))) {
      return;
    }
    graph.dropped.put(edge, outputs.get(0));
    reading
        .warning()
        .accept(
            "phony target '"
                + graph.paths.text(outputs.get(0))
                + "' names itself as an input; ignoring [-w phonycycle=warn]");
  }

  private void findDyndep() throws NinjaError {
    buffer.clear();
    new EdgeVariables(graph, edge, false).write(reading.dyndepName(), buffer);
    if (buffer.isEmpty()) {
      return;
    }
    canonicalize(0);
    int path = graph.path(buffer.array(), 0, buffer.length());
    if (!graph.edges.inputs(edge).contains(path)) {
      throw lexer.error("dyndep '" + buffer + "' is not an input");
    }
    graph.dyndeps.put(edge, path);
  }

  /** The number of the path in the {@code index}th span, evaluated in the edge's scope. */
  private int path(int index) throws NinjaError {
    int start = spans.get(2 * index);
    int end = ~spans.get(2 * index + 1);
    if (end > 0 && CanonicalPath.isCanonical(text, start, end)) {
      return graph.path(text, start, end);
    }
    buffer.clear();
    fillPath(index, true);
    return graph.path(buffer.array(), 0, buffer.length());
  }

  private void fillPath(int index, boolean ofEdge) throws NinjaError {
    int start = spans.get(2 * index);
    int end = spans.get(2 * index + 1);
    Template.fill(
        text,
        start,
        end < 0 ? ~end : end,
        ofEdge ? this::writeEdgeVariable : this::writeFileVariable,
        buffer);
    if (buffer.isEmpty()) {
      throw lexer.error("empty path");
    }
    canonicalize(0);
  }

  private void canonicalize(int from) throws NinjaError {
    buffer.truncate(CanonicalPath.of(buffer.array(), from, buffer.length()));
  }

  /** The name before an equals sign. */
  private int readLetName() throws NinjaError {
    lexer.name("expected variable name");
    int name = graph.words.intern(text, lexer.start(), lexer.end());
    lexer.expect(Token.EQUALS);
    return name;
  }

  /** The number of the value in the span that was read last, evaluated in the file's scope. */
  private int readValue() throws NinjaError {
    if (lexer.isPlain()) {
      return graph.words.intern(text, lexer.start(), lexer.end());
    }
    buffer.clear();
    Template.fill(text, lexer.start(), lexer.end(), this::writeFileVariable, buffer);
    return graph.words.intern(buffer.array(), 0, buffer.length());
  }

  private void writeFileVariable(byte[] source, int from, int to, Bytes out) {
    int name = graph.words.find(source, from, to);
    graph.write(name == Words.NONE ? Words.NONE : scope.value(name), out);
  }

  private void writeEdgeVariable(byte[] source, int from, int to, Bytes out) {
    int name = graph.words.find(source, from, to);
    if (name == Words.NONE) {
      return;
    }
    int own = graph.edges.binding(edge, name);
    graph.write(own == Words.NONE ? scope.value(name) : own, out);
  }
}
