package dev.bricolage.watch;

import dev.bricolage.action.TreePath;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is in a folder, as one text: asked of a memo, folder by folder. */
record Rendering(TreePath folder) implements Query<String> {
  /** Of the root. */
  static final Rendering ALL = new Rendering(TreePath.ROOT);

  @Override
  public String run(Fetch fetch) throws InterruptedException {
    Optional<List<String>> names = fetch.fetch(new FolderNames(folder));
    if (names.isEmpty()) {
      return "nothing";
    }
    StringBuilder text = new StringBuilder("[");
    for (String name : names.get()) {
      TreePath path = folder.child(name);
      text.append(name).append('=');
      if (fetch.fetch(new FolderNames(path)).isPresent()) {
        text.append(fetch.fetch(new Rendering(path)));
      } else if (fetch.fetch(new FileExists(path))) {
        text.append(fetch.fetch(new FileText(path)).orElse("gone"));
      } else {
        text.append("other");
      }
      text.append(' ');
    }
    return text.append(']').toString();
  }

  /** The same, by looking at the folder plainly. */
  static String plainly(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return "nothing";
    }
    List<Path> entries = new ArrayList<>();
    try (var stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return "nothing";
    }
    entries.sort((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()));
    StringBuilder text = new StringBuilder("[");
    for (Path entry : entries) {
      text.append(entry.getFileName()).append('=');
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        text.append(plainly(entry));
      } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
        text.append(new String(Files.readAllBytes(entry), StandardCharsets.UTF_8));
      } else {
        text.append("other");
      }
      text.append(' ');
    }
    return text.append(']').toString();
  }
}
