package dev.bricolage.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files lie beside their places in workspaces, written down before they do: a daemon that is
 * killed leaves them there, and the next one removes them. Each line of a note is a path.
 */
public final class UnderWay {
  private final Path notes;

  /**
   * The notes of one home.
   *
   * @param home the store's folder, which one daemon has at a time
   */
  public UnderWay(Path home) {
    this.notes = home.resolve("under-way");
  }

  /**
   * Writes down what is about to be laid; a name with a line's end in it is left out. A home
   * without room for it keeps nobody from his outputs.
   *
   * @return the note, to be taken away when nothing lies there any more
   */
  Path note(List<Path> files) {
    Path note = notes.resolve(UUID.randomUUID().toString());
    String text =
        files.stream()
            .map(Path::toString)
            .filter(path -> path.indexOf('\n') < 0)
            .collect(Collectors.joining("\n"));
    try {
      Files.createDirectories(notes);
      Files.writeString(note, text);
    } catch (IOException full) {
      done(note);
    }
    return note;
  }

  /** Nothing of this note lies there any more. */
  void done(Path note) {
    try {
      Files.deleteIfExists(note);
    } catch (IOException kept) {
      // The next sweep finds none of its files, and removes it.
    }
  }

  /** Removes what a killed daemon has left. */
  public void sweep() throws IOException {
    if (!Files.isDirectory(notes)) {
      return;
    }
    List<Path> left;
    try (Stream<Path> files = Files.list(notes)) {
      left = files.toList();
    }
    for (Path note : left) {
      for (String line : Files.readString(note).lines().toList()) {
        Path path = Path.of(line);
        if (path.isAbsolute() && (path.getFileName() + "").startsWith(WriteBack.TEMPORARY)) {
          remove(path);
        }
      }
      Files.deleteIfExists(note);
    }
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException kept) {
      // A folder of another user's by now, or read-only: it is ignored by every snapshot anyway.
    }
  }
}
