package dev.bricolage.toy.syntax;

import java.util.Locale;

/** What an expression can be. */
public enum Type {
  INT,
  BOOL,
  /** Of what is wrong already: agrees with everything, so that one mistake is told once. */
  UNKNOWN;

  /** Whether one may stand where the other is expected. */
  public boolean agreesWith(Type other) {
    return this == other || this == UNKNOWN || other == UNKNOWN;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
