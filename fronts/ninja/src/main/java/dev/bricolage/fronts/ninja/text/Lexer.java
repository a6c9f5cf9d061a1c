package dev.bricolage.fronts.ninja.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Cuts a file of ninja's language into tokens, names and spans.
 *
 * <p>A path or value is not copied: {@link #path} and {@link #value} check it and leave its place
 * in {@link #start} and {@link #end}, where {@link Template} or a plain copy finds it. Errors point
 * at the beginning of what was read last. A NUL ends the file, as in ninja.
 */
public final class Lexer {
  /** An error's line is shown up to here, and not at all when the place is further right. */
  private static final int SHOWN = 72;

  private final String file;
  private final byte[] text;
  private int at;
  private int last;
  private int start;
  private int end;
  private boolean plain;

  /** Reads {@code content} from its beginning; messages call it {@code file}. */
  public Lexer(String file, byte[] content) {
    this.file = file;
    this.text = Arrays.copyOf(content, content.length + 1);
  }

  /** The bytes that spans are of. */
  public byte[] text() {
    return text;
  }

  /** Where the name or span that was read last begins. */
  public int start() {
    return start;
  }

  /** Where the name or span that was read last ends. */
  public int end() {
    return end;
  }

  /** Whether the span that was read last has no {@code $} in it and so stands for itself. */
  public boolean isPlain() {
    return plain;
  }

  /** The name or plain span that was read last. */
  public String word() {
    return new String(text, start, end - start, UTF_8);
  }

  /** The next token. */
  public Token read() {
    skipComments();
    last = at;
    Token token = next();
    if (token != Token.NEWLINE && token != Token.END) {
      skipBlanks();
    }
    return token;
  }

  /** Puts back the token that was read last. */
  public void unread() {
    at = last;
  }

  /** Takes the next token if it is this one. */
  public boolean accept(Token token) {
    if (read() == token) {
      return true;
    }
    unread();
    return false;
  }

  /** Takes the next token, which must be this one. */
  public void expect(Token token) throws NinjaError {
    Token got = read();
    if (got != token) {
      throw error("expected " + token.spelling() + ", got " + got.spelling() + token.hint());
    }
  }

  /** Takes a name, or complains with {@code otherwise}. */
  public void name(String otherwise) throws NinjaError {
    last = at;
    start = at;
    while (isNameByte(text[at])) {
      at++;
    }
    end = at;
    if (start == end) {
      throw error(otherwise);
    }
    skipBlanks();
  }

  /** Takes a path; false when there is none before the next separator or line end. */
  public boolean path() throws NinjaError {
    boolean found = span(true);
    skipBlanks();
    return found;
  }

  /** Takes the rest of the line, with its line end. */
  public void value() throws NinjaError {
    span(false);
  }

  /** An error at the beginning of what was read last. */
  public NinjaError error(String message) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < last; i++) {
      if (text[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    String head = file + ":" + line + ": " + message + "\n";
    int column = last - lineStart;
    return NinjaError.error(column > 0 && column < SHOWN ? head + shown(lineStart, column) : head);
  }

  /** What is wrong with a byte that begins no token. */
  public String describeError() {
    return text[last] == '\t' ? "tabs are not allowed, use spaces" : "lexing error";
  }

  private String shown(int lineStart, int column) {
    int stop = lineStart;
    while (stop - lineStart < SHOWN && text[stop] != 0 && text[stop] != '\n') {
      stop++;
    }
    String rest = stop - lineStart == SHOWN ? "..." : "";
    return new String(text, lineStart, stop - lineStart, UTF_8)
        + rest
        + "\n"
        + " ".repeat(column)
        + "^ near here";
  }

  /** A comment is a whole line; one that the file's end cuts off is not a comment, says ninja. */
  private void skipComments() {
    while (true) {
      int i = at;
      while (text[i] == ' ') {
        i++;
      }
      if (text[i] != '#') {
        return;
      }
      while (text[i] != 0 && text[i] != '\n') {
        i++;
      }
      if (text[i] == 0) {
        return;
      }
      at = i + 1;
    }
  }

  private Token next() {
    int i = at;
    while (text[i] == ' ') {
      i++;
    }
    if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] == '\n')) {
      at = text[i] == '\n' ? i + 1 : i + 2;
      return Token.NEWLINE;
    }
    if (i > at) {
      at = i;
      return Token.INDENT;
    }
    if (isNameByte(text[at])) {
      while (isNameByte(text[at])) {
        at++;
      }
      return keyword(last, at);
    }
    return symbol();
  }

  private Token symbol() {
    byte first = text[at];
    if (first == 0) {
      // Never stepped over: whoever asks again is told again.
      return Token.END;
    }
    at++;
    return switch (first) {
      case '=' -> Token.EQUALS;
      case ':' -> Token.COLON;
      case '|' -> pipe();
      default -> Token.ERROR;
    };
  }

  private Token pipe() {
    byte second = text[at];
    if (second != '|' && second != '@') {
      return Token.PIPE;
    }
    at++;
    return second == '|' ? Token.PIPE2 : Token.PIPE_AT;
  }

  private Token keyword(int from, int to) {
    int length = to - from;
    if (length < 4 || length > 8) {
      return Token.IDENT;
    }
    return switch (new String(text, from, length, UTF_8)) {
      case "build" -> Token.BUILD;
      case "default" -> Token.DEFAULT;
      case "include" -> Token.INCLUDE;
      case "pool" -> Token.POOL;
      case "rule" -> Token.RULE;
      case "subninja" -> Token.SUBNINJA;
      default -> Token.IDENT;
    };
  }

  private void skipBlanks() {
    while (true) {
      if (text[at] == ' ') {
        at++;
      } else if (text[at] == '$' && text[at + 1] == '\n') {
        at += 2;
      } else if (text[at] == '$' && text[at + 1] == '\r' && text[at + 2] == '\n') {
        at += 3;
      } else {
        return;
      }
    }
  }

  /** Checks a path or value; true if it is more than continued lines. */
  private boolean span(boolean path) throws NinjaError {
    start = at;
    plain = true;
    boolean found = false;
    int i = at;
    while (true) {
      byte b = text[i];
      switch (b) {
        case '$' -> {
          int next = escape(i);
          found |= text[i + 1] != '\n' && text[i + 1] != '\r';
          plain = false;
          i = next;
        }
        case 0 -> throw errorAt(i, "unexpected EOF");
        case '\r' -> {
          if (text[i + 1] != '\n') {
            last = i;
            throw error(describeError());
          }
          return finish(i, path ? i : i + 2, found);
        }
        case '\n' -> {
          return finish(i, path ? i : i + 1, found);
        }
        case ' ', ':', '|' -> {
          if (path) {
            return finish(i, i, found);
          }
          found = true;
          i++;
        }
        default -> {
          found = true;
          i++;
        }
      }
    }
  }

  private boolean finish(int stop, int next, boolean found) {
    end = stop;
    last = stop;
    at = next;
    return found;
  }

  /** Where the escape at {@code dollar} ends. */
  private int escape(int dollar) throws NinjaError {
    byte b = text[dollar + 1];
    if (b == '$' || b == ' ' || b == ':') {
      return dollar + 2;
    }
    int afterLine = Template.afterLineBreak(text, dollar + 1);
    if (afterLine > 0) {
      return afterLine;
    }
    int i = dollar + 1;
    if (b == '{') {
      i++;
      while (isNameByte(text[i])) {
        i++;
      }
      if (i > dollar + 2 && text[i] == '}') {
        return i + 1;
      }
    } else if (isSimpleNameByte(b)) {
      while (isSimpleNameByte(text[i])) {
        i++;
      }
      return i;
    }
    throw errorAt(dollar, "bad $-escape (literal $ must be written as $$)");
  }

  private NinjaError errorAt(int place, String message) {
    last = place;
    return error(message);
  }

  static boolean isNameByte(byte b) {
    return isSimpleNameByte(b) || b == '.';
  }

  static boolean isSimpleNameByte(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '_'
        || b == '-';
  }
}
