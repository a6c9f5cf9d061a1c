package dev.bricolage.toy;

import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import dev.bricolage.toy.query.SourceExists;
import dev.bricolage.toy.query.SourceText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The sources in one folder: the world that a program is compiled in. */
public record Folder(Path path) implements View {
  private static final Kinds QUESTIONS = Kinds.ofRecords(SourceText.class, SourceExists.class);

  @Override
  public List<String> answers(List<Question> questions) throws IOException {
    List<String> answers = new ArrayList<>();
    for (Question question : questions) {
      answers.add(answer(QUESTIONS.key(question)));
    }
    return answers;
  }

  private String answer(Optional<Key<?>> question) throws IOException {
    return switch (question.orElse(null)) {
      case SourceExists key -> key.answer(isThere(key.file()));
      case SourceText key when isThere(key.file()) -> key.answer(text(key.file()));
      case null, default -> UNANSWERABLE;
    };
  }

  /** The names of all sources, sorted. */
  public List<String> sources() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".toy") && isThere(name))
          .sorted()
          .toList();
    }
  }

  /** Nothing outside of the folder, whatever a question says that somebody remembered. */
  private boolean isThere(String file) {
    return file.indexOf('/') < 0 && Files.isRegularFile(path.resolve(file));
  }

  /** Bytes that are no UTF-8 become a character that begins no token, and the parser tells. */
  private String text(String file) throws IOException {
    return new String(Files.readAllBytes(path.resolve(file)), StandardCharsets.UTF_8);
  }
}
