package dev.bricolage.memo;

/**
 * A {@link Key}'s canonical encoding, as traces keep it.
 *
 * @param kind what is asked, a word such as {@code stat} or {@code run}
 * @param subject what it is asked of
 */
public record Question(String kind, String subject) {
  @Override
  public String toString() {
    return kind + " " + subject;
  }
}
