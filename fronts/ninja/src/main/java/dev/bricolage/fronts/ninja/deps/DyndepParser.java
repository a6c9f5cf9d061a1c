package dev.bricolage.fronts.ninja.deps;

import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.manifest.RequiredVersion;
import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.CanonicalPath;
import dev.bricolage.fronts.ninja.text.Lexer;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.text.Template;
import dev.bricolage.fronts.ninja.text.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a dyndep file: a manifest's syntax, with one rule and without variables. */
final class DyndepParser {
  private static final String EXPECTED_VERSION = "expected 'ninja_dyndep_version = ...'";

  private final Lexer lexer;
  private final Manifest manifest;
  private final Map<Integer, Dyndep> edges = new LinkedHashMap<>();

  DyndepParser(String file, byte[] content, Manifest manifest) {
    this.lexer = new Lexer(file, content);
    this.manifest = manifest;
  }

  Map<Integer, Dyndep> parse() throws NinjaError {
    boolean versionKnown = false;
    while (true) {
      Token token = lexer.read();
      switch (token) {
        case BUILD -> {
          require(versionKnown);
          parseEdge();
        }
        case IDENT -> {
          lexer.unread();
          if (versionKnown) {
            throw lexer.error("unexpected " + token.spelling());
          }
          parseVersion();
          versionKnown = true;
        }
        case END -> {
          require(versionKnown);
          return edges;
        }
        case NEWLINE -> {}
        case ERROR -> throw lexer.error(lexer.describeError());
        default -> throw lexer.error("unexpected " + token.spelling());
      }
    }
  }

  private void require(boolean versionKnown) throws NinjaError {
    if (!versionKnown) {
      throw lexer.error(EXPECTED_VERSION);
    }
  }

  private void parseVersion() throws NinjaError {
    String name = readLetName();
    String version = readValue();
    if (!name.equals("ninja_dyndep_version")) {
      throw lexer.error(EXPECTED_VERSION);
    }
    if (RequiredVersion.part(version, 0) != 1 || RequiredVersion.part(version, 1) != 0) {
      throw lexer.error("unsupported 'ninja_dyndep_version = " + version + "'");
    }
  }

  private void parseEdge() throws NinjaError {
    int edge = parseOutput();
    if (lexer.path()) {
      throw lexer.error("explicit outputs not supported");
    }
    List<int[]> outputs = lexer.accept(Token.PIPE) ? readSpans() : List.of();
    lexer.expect(Token.COLON);
    parseRuleName();
    if (lexer.path()) {
      throw lexer.error("explicit inputs not supported");
    }
    List<int[]> inputs = lexer.accept(Token.PIPE) ? readSpans() : List.of();
    if (lexer.accept(Token.PIPE2)) {
      throw lexer.error("order-only inputs not supported");
    }
    lexer.expect(Token.NEWLINE);
    boolean restat = lexer.accept(Token.INDENT) && parseRestat();
    List<String> inputPaths = paths(inputs);
    edges.put(edge, new Dyndep(paths(outputs), inputPaths, restat));
  }

  private int parseOutput() throws NinjaError {
    if (!lexer.path()) {
      throw lexer.error("expected path");
    }
    String path = path(lexer.start(), lexer.end());
    int number = manifest.findPath(path);
    int edge = number == Manifest.NONE ? Manifest.NONE : manifest.producer(number);
    if (edge == Manifest.NONE) {
      throw lexer.error("no build statement exists for '" + path + "'");
    }
    if (edges.containsKey(edge)) {
      throw lexer.error("multiple statements for '" + path + "'");
    }
    return edge;
  }

  private void parseRuleName() throws NinjaError {
    String complaint = "expected build command name 'dyndep'";
    lexer.name(complaint);
    if (!lexer.word().equals("dyndep")) {
      throw lexer.error(complaint);
    }
  }

  private boolean parseRestat() throws NinjaError {
    String key = readLetName();
    String value = readValue();
    if (!key.equals("restat")) {
      throw lexer.error("binding is not 'restat'");
    }
    return !value.isEmpty();
  }

  private String readLetName() throws NinjaError {
    lexer.name("expected variable name");
    String name = lexer.word();
    lexer.expect(Token.EQUALS);
    return name;
  }

  private String readValue() throws NinjaError {
    lexer.value();
    return filled(lexer.start(), lexer.end());
  }

  private List<int[]> readSpans() throws NinjaError {
    List<int[]> spans = new ArrayList<>();
    while (lexer.path()) {
      spans.add(new int[] {lexer.start(), lexer.end()});
    }
    return spans;
  }

  private List<String> paths(List<int[]> spans) throws NinjaError {
    List<String> paths = new ArrayList<>();
    for (int[] span : spans) {
      paths.add(path(span[0], span[1]));
    }
    return paths;
  }

  private String path(int from, int to) throws NinjaError {
    String path = filled(from, to);
    if (path.isEmpty()) {
      throw lexer.error("empty path");
    }
    return CanonicalPath.of(path);
  }

  /** Variables are allowed here and always empty. */
  private String filled(int from, int to) throws NinjaError {
    Bytes out = new Bytes();
    Template.fill(lexer.text(), from, to, (_, _, _, _) -> {}, out);
    return out.toString();
  }
}
