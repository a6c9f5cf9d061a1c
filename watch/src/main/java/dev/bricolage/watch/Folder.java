package dev.bricolage.watch;

import dev.bricolage.action.TreePath;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A folder as it is now, as the world of {@link FileText}, {@link FileExists} and {@link
 * FolderNames}. Nothing outside of it is seen: a path cannot have {@code ..}, and links are not
 * followed. Who asks for what may not be looked at fails, and is told why. Thread-safe.
 */
public final class Folder implements View {
  /** Turns remembered questions about folders back into keys. */
  public static final Kinds KINDS =
      Kinds.ofRecords(FileText.class, FileExists.class, FolderNames.class);

  /** Bytes that are too many for a text: it is held in memory, and in each trace that asked. */
  static final int LIMIT = 64 << 20;

  private final Path root;

  private Folder(Path root) {
    this.root = root;
  }

  /**
   * The folder at this path.
   *
   * @throws IOException when there is no folder, naming it. One that vanishes later is empty
   */
  public static Folder at(Path root) throws IOException {
    Path real = root.toRealPath();
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(root.toString());
    }
    return new Folder(real);
  }

  /** Where it is, without links. */
  public Path root() {
    return root;
  }

  /**
   * What may be answered otherwise after something has changed at a path.
   *
   * @param changed relative to the root; the empty path is the root
   */
  public static Collection<ViewKey<?>> keysOf(Path changed) {
    TreePath path;
    try {
      path = new TreePath(changed.toString());
    } catch (IllegalArgumentException e) {
      return List.of(); // a name that no key can have, and no listing shows
    }
    return path.equals(TreePath.ROOT)
        ? List.of(new FolderNames(path))
        : List.of(
            new FileText(path),
            new FileExists(path),
            new FolderNames(path),
            new FolderNames(path.parent()));
  }

  @Override
  public List<String> answers(List<Question> questions) throws IOException, InterruptedException {
    List<Optional<FolderKey<?>>> keys = questions.stream().map(Folder::key).toList();
    String[] answers = new String[questions.size()];
    Arrays.fill(answers, UNANSWERABLE);
    // In the order of their paths, so that each folder on the way is opened once.
    List<Integer> order =
        IntStream.range(0, answers.length)
            .boxed()
            .filter(i -> keys.get(i).isPresent())
            .sorted(Comparator.comparing(i -> keys.get(i).orElseThrow().path()))
            .toList();
    Optional<Descent> from = Descent.from(root);
    if (from.isEmpty()) {
      order.forEach(i -> answers[i] = FolderKey.ABSENT);
      return List.of(answers);
    }
    try (Descent descent = from.get()) {
      for (int i : order) {
        answers[i] = answer(keys.get(i).orElseThrow(), descent);
      }
    }
    return List.of(answers);
  }

  private static Optional<FolderKey<?>> key(Question question) {
    Optional<Key<?>> key = KINDS.key(question);
    return key.map(known -> (FolderKey<?>) known);
  }

  private static String answer(FolderKey<?> key, Descent descent) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try {
      return switch (key) {
        case FileText it ->
            it.answer(
                descent
                    .read(it.path(), LIMIT)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        case FileExists it ->
            it.answer(
                descent.look(it.path()).filter(BasicFileAttributes::isRegularFile).isPresent());
        case FolderNames it -> it.answer(descent.list(it.path()).map(Folder::sorted));
      };
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException();
    } catch (AccessDeniedException e) {
      return FolderKey.CANNOT + "permission denied";
    } catch (IOException | InvalidPathException e) {
      return FolderKey.CANNOT + e.getMessage();
    }
  }

  private static List<String> sorted(List<Path> names) {
    return names.stream()
        .filter(Folder::hasText)
        .map(name -> new TreePath(name.toString()))
        .sorted() // by bytes, as all paths are
        .map(TreePath::value)
        .toList();
  }

  /** Whether the text of a name is this name's alone, and not what is left of some other bytes. */
  private static boolean hasText(Path name) {
    try {
      return Path.of(new TreePath(name.toString()).value()).equals(name);
    } catch (IllegalArgumentException e) { // an InvalidPathException is one, too
      return false;
    }
  }
}
