package dev.bricolage.toy.query;

import dev.bricolage.memo.ViewKey;

/** Is there such a file? Less than {@link SourceText}, so fewer changes matter to who asks it. */
public record SourceExists(String file) implements ViewKey<Boolean> {
  @Override
  public Boolean parse(String answer) {
    return switch (answer) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("neither yes nor no: " + answer);
    };
  }

  @Override
  public String answer(Boolean exists) {
    return exists ? "yes" : "no";
  }
}
