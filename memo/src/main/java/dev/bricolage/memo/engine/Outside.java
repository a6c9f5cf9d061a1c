package dev.bricolage.memo.engine;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the view answers, and who was ever asked. */
final class Outside {
  private final View view;
  private final Set<ViewKey<?>> asked = ConcurrentHashMap.newKeySet();

  Outside(View view) {
    this.view = view;
  }

  /** As {@link #askAgain}, for the first time. */
  List<Object> ask(List<ViewKey<?>> keys) throws InterruptedException {
    asked.addAll(keys);
    return askAgain(keys);
  }

  /** The values of these, in one look at the view; failures where it cannot be looked at. */
  List<Object> askAgain(List<ViewKey<?>> keys) throws InterruptedException {
    List<Object> values = new ArrayList<>(keys.size());
    try {
      List<String> answers = answers(keys.stream().map(ViewKey::question).toList());
      for (int i = 0; i < keys.size(); i++) {
        values.add(value(keys.get(i), answers.get(i)));
      }
    } catch (IOException | RuntimeException e) {
      values.clear();
      keys.forEach(key -> values.add(new State.Failure(e)));
    }
    return values;
  }

  List<String> answers(List<Question> questions) throws IOException, InterruptedException {
    List<String> answers = view.answers(questions);
    if (answers.size() != questions.size()) {
      throw new IOException(
          "the view gave " + answers.size() + " answers to " + questions.size() + " questions");
    }
    return answers;
  }

  private static Object value(ViewKey<?> key, String answer) {
    if (answer.equals(View.UNANSWERABLE)) {
      return new State.Failure(new NotSet(key));
    }
    try {
      @Nullable Object value = key.parse(answer);
      return value != null
          ? value
          : new State.Failure(new NullPointerException(key + " parsed its answer to null"));
    } catch (RuntimeException e) {
      return new State.Failure(e);
    }
  }

  /** All that were asked so far. */
  Collection<ViewKey<?>> everAsked() {
    return asked;
  }
}
