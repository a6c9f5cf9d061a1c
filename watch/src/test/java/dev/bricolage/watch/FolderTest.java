package dev.bricolage.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.TreePath;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.View;
import dev.bricolage.memo.ViewKey;
import dev.bricolage.memo.engine.Memo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderTest {
  @TempDir Path temporary;
  private Path root;
  private Folder folder;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(temporary.resolve("root/src"));
    root = temporary.resolve("root").toRealPath();
    Files.writeString(temporary.resolve("secret"), "secret");
    folder = Folder.at(root);
  }

  private <V> V ask(ViewKey<V> key) throws IOException, InterruptedException {
    return key.parse(folder.answers(List.of(key.question())).getFirst());
  }

  @Test
  void aFileIsItsText() throws Exception {
    Files.writeString(root.resolve("src/a.c"), "int é;\n");
    assertEquals(Optional.of("int é;\n"), ask(FileText.of("src/a.c")));
    assertEquals(true, ask(FileExists.of("src/a.c")));
    assertEquals(Optional.empty(), ask(FolderNames.of("src/a.c")));
  }

  @Test
  void anEmptyFileIsNotAMissingOne() throws Exception {
    Files.createFile(root.resolve("empty"));
    assertEquals(Optional.of(""), ask(FileText.of("empty")));
    assertEquals(Optional.empty(), ask(FileText.of("missing")));
    assertEquals(Optional.empty(), ask(FileText.of("missing/too")));
    assertEquals(false, ask(FileExists.of("missing")));
  }

  @Test
  void whatIsNoUtf8IsReplaced() throws Exception {
    Files.write(root.resolve("latin"), new byte[] {'a', (byte) 0xe9, 'b'});
    assertEquals(Optional.of("a\uFFFDb"), ask(FileText.of("latin")));
  }

  @Test
  void aFolderIsItsNamesInTheOrderOfTheirBytes() throws Exception {
    for (String name : List.of("b", "a-b", "a", "é", "Z", "line\nbreak", " ")) {
      Files.createFile(root.resolve("src").resolve(name));
    }
    assertEquals(
        Optional.of(List.of(" ", "Z", "a", "a-b", "b", "line\nbreak", "é")),
        ask(FolderNames.of("src")));
    assertEquals(Optional.of(List.of("src")), ask(FolderNames.of("")));
    assertEquals(Optional.empty(), ask(FileText.of("src")));
    assertEquals(false, ask(FileExists.of("src")));
  }

  @Test
  void anEmptyFolderIsNotAMissingOne() throws Exception {
    assertEquals(Optional.of(List.of()), ask(FolderNames.of("src")));
    assertEquals(Optional.empty(), ask(FolderNames.of("missing")));
  }

  @Test
  void aNameThatIsNoUtf8IsLeftOut() throws Exception {
    Files.createFile(root.resolve("src/good"));
    Process process =
        new ProcessBuilder("sh", "-c", ": > \"$(printf 'bad\\351')\"")
            .directory(root.resolve("src").toFile())
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
    assertEquals(Optional.of(List.of("good")), ask(FolderNames.of("src")));
  }

  @Test
  void noPathLeadsOut() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> FileText.of("../secret"));
    assertEquals(
        "not a path inside a tree: '../secret' (a part of it is '..')", refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> FileExists.of("/etc/passwd"));
    assertThrows(IllegalArgumentException.class, () -> FolderNames.of("src/../.."));
  }

  @Test
  void noLinkIsFollowed() throws Exception {
    Files.createSymbolicLink(root.resolve("out"), temporary);
    Files.createSymbolicLink(root.resolve("file"), temporary.resolve("secret"));
    Files.createSymbolicLink(root.resolve("in"), Path.of("src"));
    Files.writeString(root.resolve("src/a"), "a");
    assertEquals(Optional.empty(), ask(FileText.of("out/secret")));
    assertEquals(false, ask(FileExists.of("out/secret")));
    assertEquals(Optional.empty(), ask(FolderNames.of("out")));
    assertEquals(Optional.empty(), ask(FileText.of("file")));
    assertEquals(false, ask(FileExists.of("file")));
    assertEquals(Optional.empty(), ask(FileText.of("in/a")));
    assertEquals(Optional.of(List.of("file", "in", "out", "src")), ask(FolderNames.of("")));
  }

  /** Opening a pipe would wait for somebody who writes into it. */
  @Test
  void aPipeIsNoFile() throws Exception {
    Process process = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
    assertEquals(0, process.waitFor());
    assertEquals(Optional.empty(), ask(FileText.of("pipe")));
    assertEquals(Optional.empty(), ask(FileText.of("pipe/a")));
    assertEquals(false, ask(FileExists.of("pipe")));
    assertEquals(Optional.empty(), ask(FolderNames.of("pipe")));
  }

  @Test
  void whatIsTooLargeFailsAndIsTold() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("big").toFile(), "rw")) {
      file.setLength(Folder.LIMIT);
    }
    assertEquals(true, ask(FileExists.of("big")));
    Memo memo = Memo.builder().view(folder).open();
    TaskFailed failed = assertThrows(TaskFailed.class, () -> memo.get(FileText.of("big")));
    assertEquals(
        "FileText[path=big] failed: java.lang.IllegalArgumentException: big cannot be looked at:"
            + " it has 67108864 bytes or more, too many for a text",
        failed.getMessage());
  }

  /** The whole look would be wasted, were one path to end it. */
  @Test
  void aPathThatCannotBeLookedAtDoesNotStandInTheWayOfOthers() throws Exception {
    Files.writeString(root.resolve("good"), "good");
    FileText endless = FileText.of("x".repeat(300));
    List<String> answers =
        folder.answers(List.of(endless.question(), FileText.of("good").question()));
    assertEquals("text:good", answers.get(1));
    IllegalArgumentException told =
        assertThrows(IllegalArgumentException.class, () -> endless.parse(answers.get(0)));
    assertEquals(
        endless.path() + " cannot be looked at: " + endless.path() + ": File name too long",
        told.getMessage());
  }

  @Test
  void aRootThatVanishesIsEmpty() throws Exception {
    Files.delete(root.resolve("src"));
    Files.delete(root);
    assertEquals(Optional.empty(), ask(FolderNames.of("")));
    assertEquals(Optional.empty(), ask(FileText.of("src/a")));
  }

  @Test
  void aRootMustBeAFolder() {
    assertThrows(NoSuchFileException.class, () -> Folder.at(temporary.resolve("none")));
    assertThrows(NotDirectoryException.class, () -> Folder.at(temporary.resolve("secret")));
  }

  @Test
  void othersQuestionsAreUnanswerable() throws Exception {
    assertEquals(
        List.of(View.UNANSWERABLE), folder.answers(List.of(new Question("stat", "src/a"))));
  }

  @Test
  void valuesAndAnswersAreEachOther() {
    FileText text = FileText.of("a");
    FolderNames names = FolderNames.of("a");
    FileExists exists = FileExists.of("a");
    for (Optional<String> value :
        List.of(Optional.of(""), Optional.of("absent"), Optional.<String>empty())) {
      assertEquals(value, text.parse(text.answer(value)));
    }
    for (Optional<List<String>> value :
        List.of(
            Optional.of(List.<String>of()),
            Optional.of(List.of("a", "b")),
            Optional.<List<String>>empty())) {
      assertEquals(value, names.parse(names.answer(value)));
    }
    assertEquals(true, exists.parse(exists.answer(true)));
    assertEquals(false, exists.parse(exists.answer(false)));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> exists.parse("perhaps"));
    assertEquals("no answer to FileExists[path=a]: 'perhaps'", refused.getMessage());
  }

  @Test
  void keysComeBackFromTheirQuestions() {
    for (Key<?> key : List.of(FileText.of("d e/é"), FileExists.of("a\nb"), FolderNames.of(""))) {
      assertEquals(Optional.of(key), Folder.KINDS.key(key.question()));
    }
  }

  @Test
  void aChangedPathIsAskedAgainInEveryWay() {
    TreePath path = new TreePath("src/a.c");
    assertEquals(
        List.of(
            new FileText(path),
            new FileExists(path),
            new FolderNames(path),
            new FolderNames(new TreePath("src"))),
        Folder.keysOf(Path.of("src/a.c")));
    assertEquals(List.of(FolderNames.of("")), Folder.keysOf(Path.of("")));
    assertEquals(List.of(), Folder.keysOf(Path.of("../elsewhere")));
  }

  /** One look at many paths opens folders in another order than they were asked in. */
  @Test
  void manyQuestionsAtOnceAreAnsweredAsEachAlone() throws Exception {
    Playground playground = new Playground(root, 7);
    for (int i = 0; i < 200; i++) {
      playground.edit();
    }
    List<Question> questions = new ArrayList<>();
    for (String path : List.of("", "a", "a/b", "a/b/c", "b", "b/a", "c", "d e", "d e/é", "é/a")) {
      questions.add(FileText.of(path).question());
      questions.add(FileExists.of(path).question());
      questions.add(FolderNames.of(path).question());
    }
    Collections.shuffle(questions, new Random(1));
    List<String> alone = new ArrayList<>();
    for (Question question : questions) {
      alone.addAll(folder.answers(List.of(question)));
    }
    assertEquals(alone, folder.answers(questions));
  }

  @Test
  void whoIsInterruptedIsToldSo() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> ask(FileText.of("src/a")));
  }
}
