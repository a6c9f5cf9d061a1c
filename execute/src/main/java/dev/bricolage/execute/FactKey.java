package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.ViewKey;
import java.util.Map;
import java.util.Optional;

/**
 * "What is at this path?" The worlds it is asked in stand still: a snapshot, or what one request
 * finds.
 */
public record FactKey(PathFact fact) implements ViewKey<PathFact.Answer> {
  private static final Map<String, PathFact.Kind> KINDS =
      Map.of(
          PathFact.Kind.STAT.word(), PathFact.Kind.STAT,
          PathFact.Kind.CONTENT.word(), PathFact.Kind.CONTENT,
          PathFact.Kind.LIST.word(), PathFact.Kind.LIST);

  @Override
  public Question question() {
    return new Question(fact.kind().word(), fact.path());
  }

  /** The key of a question in a trace; empty when it is about something else than a path. */
  public static Optional<Key<?>> of(Question question) {
    return fact(question).map(FactKey::new);
  }

  /** The fact a question asks for; empty when it is about something else than a path. */
  public static Optional<PathFact> fact(Question question) {
    return Optional.ofNullable(KINDS.get(question.kind()))
        .map(kind -> new PathFact(kind, question.subject()));
  }

  @Override
  public PathFact.Answer parse(String answer) {
    return new PathFact.Answer(answer);
  }

  @Override
  public String answer(PathFact.Answer value) {
    return value.text();
  }

  @Override
  public Durability durability() {
    return Durability.FIXED;
  }
}
