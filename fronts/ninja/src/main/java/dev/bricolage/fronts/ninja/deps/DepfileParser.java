package dev.bricolage.fronts.ninja.deps;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads depfiles by ninja's rules, which are a middle way between what make accepts and what
 * compilers write: backslashes before a blank halve, as in make; before {@code #} and {@code :} one
 * goes, as gcc and clang write it; before anything else they stay, for paths of Windows.
 */
final class DepfileParser {
  /** Punctuation that may stand in a path; whatever else is not a letter or digit ends it. */
  private static final String PATH_PUNCTUATION = "+,/_:.~()}{%=@[]!-";

  /** How a name ended. */
  private enum End {
    NAME,
    LINE
  }

  private final byte[] text;
  private final Bytes name = new Bytes();
  private int at;

  DepfileParser(byte[] content) {
    // Two NULs behind the end, for looking at what follows a backslash.
    this.text = Arrays.copyOf(content, content.length + 2);
  }

  Depfile parse() throws NinjaError {
    Set<String> outputs = new LinkedHashSet<>();
    Set<String> inputs = new LinkedHashSet<>();
    boolean left = true;
    boolean sawColon = false;
    boolean inputHasInputs = false;
    while (at < text.length - 2) {
      name.clear();
      End end = readName();
      boolean isOutput = left;
      int length = name.length();
      if (length > 0 && name.array()[length - 1] == ':') {
        name.truncate(--length);
        left = false;
        sawColon = true;
      }
      if (length > 0) {
        String path = new String(name.array(), 0, length, UTF_8);
        if (inputs.contains(path)) {
          inputHasInputs |= isOutput;
        } else if (isOutput) {
          outputs.add(path);
        } else if (inputHasInputs) {
          throw NinjaError.error("inputs may not also have inputs");
        } else {
          inputs.add(path);
        }
      }
      if (end == End.LINE) {
        left = true;
        inputHasInputs = false;
      }
    }
    if (!sawColon) {
      throw NinjaError.error("expected ':' in depfile");
    }
    return new Depfile(new ArrayList<>(outputs), new ArrayList<>(inputs));
  }

  /** Reads up to the end of a name and over the byte that ends it. */
  private End readName() {
    while (true) {
      byte b = text[at];
      if (isPlain(b)) {
        name.add(b);
        at++;
      } else if (b == '$' && text[at + 1] == '$') {
        name.add('$');
        at += 2;
      } else if (b == '\\') {
        switch (readBackslashes()) {
          case GOES_ON -> {}
          case ENDS_NAME -> {
            return End.NAME;
          }
          case ENDS_LINE -> {
            return End.LINE;
          }
        }
      } else {
        return readEnd();
      }
    }
  }

  private End readEnd() {
    byte b = text[at++];
    if (b == '\n') {
      return End.LINE;
    }
    if (b == '\r' && text[at] == '\n') {
      at++;
      return End.LINE;
    }
    return End.NAME;
  }

  private enum After {
    GOES_ON,
    ENDS_NAME,
    ENDS_LINE
  }

  private After readBackslashes() {
    int start = at;
    while (text[at] == '\\') {
      at++;
    }
    int count = at - start;
    byte next = text[at];
    return switch (next) {
      case ' ' -> readBeforeBlank(count);
      case ':' -> readBeforeColon(count);
      case 0, '\r', '\n' -> readBeforeLineEnd(count);
      default -> {
        at++;
        addBackslashes(next == '#' ? count - 1 : count);
        name.add(next);
        yield After.GOES_ON;
      }
    };
  }

  private After readBeforeBlank(int count) {
    at++;
    if (count % 2 == 0) {
      addBackslashes(count);
      return After.ENDS_NAME;
    }
    addBackslashes(count / 2);
    name.add(' ');
    return After.GOES_ON;
  }

  /** A colon before a blank ends an output, so the backslash before it is a path's own. */
  private After readBeforeColon(int count) {
    at++;
    byte after = text[at];
    boolean ends = after == 0 || after == ' ' || after == '\t' || after == '\r' || after == '\n';
    addBackslashes(ends ? count : count - 1);
    name.add(':');
    if (!ends) {
      return After.GOES_ON;
    }
    at++;
    return after == '\n' ? After.ENDS_LINE : After.ENDS_NAME;
  }

  /** One backslash continues the line; more of them are text. */
  private After readBeforeLineEnd(int count) {
    if (count > 1) {
      addBackslashes(count);
      return After.GOES_ON;
    }
    if (text[at] == '\n') {
      at++;
    } else if (text[at] == '\r' && text[at + 1] == '\n') {
      at += 2;
    }
    return After.ENDS_NAME;
  }

  private void addBackslashes(int count) {
    for (int i = 0; i < count; i++) {
      name.add('\\');
    }
  }

  private static boolean isPlain(byte b) {
    return b < 0
        || (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || PATH_PUNCTUATION.indexOf(b) >= 0;
  }
}
