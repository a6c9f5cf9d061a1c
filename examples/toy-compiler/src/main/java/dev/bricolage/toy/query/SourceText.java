package dev.bricolage.toy.query;

import dev.bricolage.memo.ViewKey;

/** What is in a file? */
public record SourceText(String file) implements ViewKey<String> {
  /** Before the text, so that no text is taken for {@code View.UNANSWERABLE}. */
  private static final String MARK = "=";

  @Override
  public String parse(String answer) {
    if (!answer.startsWith(MARK)) {
      throw new IllegalArgumentException("no text: " + answer);
    }
    return answer.substring(MARK.length());
  }

  @Override
  public String answer(String text) {
    return MARK + text;
  }
}
