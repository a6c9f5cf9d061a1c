package dev.bricolage.fronts.ninja.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text with variables in it, to be filled in later. {@link #fill} does the same at once from a
 * span, for what is filled in only one time.
 */
public final class Template {
  /** What the variables stand for. */
  @FunctionalInterface
  public interface Variables {
    /** Writes the value of the variable called {@code source[from, to)}. */
    void write(byte[] source, int from, int to, Bytes out) throws NinjaError;
  }

  /** What the variables stand for, by the number of their name. */
  @FunctionalInterface
  public interface NumberedVariables {
    /** Writes the value of the variable with this name. */
    void write(int name, Bytes out) throws NinjaError;
  }

  /** {@code literals[i]} comes before the variable {@code names[i]}; the last one ends the text. */
  private final byte[][] literals;

  private final int[] names;

  private Template(byte[][] literals, int[] names) {
    this.literals = literals;
    this.names = names;
  }

  /** The template that a checked span is, its variables' names numbered by {@code words}. */
  public static Template of(byte[] source, int from, int to, Words words) {
    List<byte[]> literals = new ArrayList<>();
    List<Integer> names = new ArrayList<>();
    Bytes literal = new Bytes();
    try {
      fill(
          source,
          from,
          to,
          (text, nameStart, nameEnd, out) -> {
            literals.add(out.toByteArray());
            out.clear();
            names.add(words.intern(text, nameStart, nameEnd));
          },
          literal);
    } catch (NinjaError impossible) {
      throw new AssertionError(impossible);
    }
    literals.add(literal.toByteArray());
    return new Template(
        literals.toArray(byte[][]::new), names.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Whether there is nothing in it, not even a variable. */
  public boolean isEmpty() {
    return names.length == 0 && literals[0].length == 0;
  }

  /** What comes before the first variable. */
  public String start() {
    return new String(literals[0], UTF_8);
  }

  /** Writes the text, with the values of its variables. */
  public void write(NumberedVariables variables, Bytes out) throws NinjaError {
    for (int i = 0; i < names.length; i++) {
      out.add(literals[i]);
      variables.write(names[i], out);
    }
    out.add(literals[names.length]);
  }

  /** The template as ninja's rule listing shows it: variables as they were asked for. */
  public String source(Words words) {
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < literals.length; i++) {
      source.append(new String(literals[i], UTF_8));
      if (i < names.length) {
        source.append("${").append(words.text(names[i])).append('}');
      }
    }
    return source.toString();
  }

  /** Writes the span {@code source[from, to)}, which a {@link Lexer} has checked. */
  public static void fill(byte[] source, int from, int to, Variables variables, Bytes out)
      throws NinjaError {
    int i = from;
    while (i < to) {
      int dollar = i;
      while (dollar < to && source[dollar] != '$') {
        dollar++;
      }
      out.add(source, i, dollar);
      if (dollar == to) {
        return;
      }
      i = fillEscape(source, dollar + 1, variables, out);
    }
  }

  private static int fillEscape(byte[] source, int at, Variables variables, Bytes out)
      throws NinjaError {
    int afterLine = afterLineBreak(source, at);
    if (afterLine > 0) {
      return afterLine;
    }
    if (source[at] == '{') {
      int end = at + 1;
      while (source[end] != '}') {
        end++;
      }
      variables.write(source, at + 1, end, out);
      return end + 1;
    }
    int end = at;
    while (Lexer.isSimpleNameByte(source[end])) {
      end++;
    }
    if (end == at) {
      out.add(source[at]);
      return at + 1;
    }
    variables.write(source, at, end, out);
    return end;
  }

  /** Past a line break and the blanks after it, or -1 if there is none at {@code at}. */
  static int afterLineBreak(byte[] source, int at) {
    int next;
    if (source[at] == '\n') {
      next = at + 1;
    } else if (source[at] == '\r' && source[at + 1] == '\n') {
      next = at + 2;
    } else {
      return -1;
    }
    while (source[next] == ' ') {
      next++;
    }
    return next;
  }

  @Override
  public String toString() {
    return "Template" + Arrays.toString(names);
  }
}
