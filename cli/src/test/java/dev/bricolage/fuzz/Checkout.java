package dev.bricolage.fuzz;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is below a folder, {@code .git} left out, read with nothing of the code under test.
 *
 * @param entries by path relative to the folder
 */
public record Checkout(SortedMap<String, Node> entries) {

  /** What is at a path. */
  public sealed interface Node {
    /** A folder. */
    record Folder() implements Node {}

    /** A symbolic link. */
    record Link(String target) implements Node {}

    /**
     * A file.
     *
     * @param bytes each as a character, because strings compare by what they hold
     */
    record File(String bytes, boolean executable) implements Node {
      /** A file of these bytes. */
      public static File of(byte[] bytes, boolean executable) {
        return new File(new String(bytes, StandardCharsets.ISO_8859_1), executable);
      }

      /** Its bytes. */
      public byte[] content() {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
      }

      @Override
      public String toString() {
        String text = new String(content(), StandardCharsets.UTF_8);
        String shown = text.length() <= 60 ? text : Digest.of(content()).brief();
        return (executable ? "program " : "file ")
            + bytes.length()
            + " <"
            + shown.replace("\n", "\\n")
            + ">";
      }
    }
  }

  /** All that is below {@code root}. */
  public static Checkout of(Path root) throws IOException {
    SortedMap<String, Node> entries = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.endsWith(".git")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (!folder.equals(root)) {
              entries.put(root.relativize(folder).toString(), new Node.Folder());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            entries.put(root.relativize(file).toString(), node(file, attributes));
            return FileVisitResult.CONTINUE;
          }
        });
    return new Checkout(entries);
  }

  private static Node node(Path file, BasicFileAttributes attributes) throws IOException {
    return attributes.isSymbolicLink()
        ? new Node.Link(Files.readSymbolicLink(file).toString())
        : Node.File.of(Files.readAllBytes(file), Files.isExecutable(file));
  }

  /** Makes {@code root} like this; what is so already is not touched. */
  public void restore(Path root) throws IOException {
    Checkout now = of(root);
    for (Map.Entry<String, Node> there : now.entries.reversed().entrySet()) {
      if (!there.getValue().equals(entries.get(there.getKey()))) {
        Files.delete(root.resolve(there.getKey()));
      }
    }
    for (Map.Entry<String, Node> wanted : entries.entrySet()) {
      Path path = root.resolve(wanted.getKey());
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        put(path, wanted.getValue());
      }
    }
  }

  private static void put(Path path, Node node) throws IOException {
    switch (node) {
      case Node.Folder folder -> Files.createDirectory(path);
      case Node.Link link -> Files.createSymbolicLink(path, Path.of(link.target()));
      case Node.File file -> {
        Files.write(path, file.content());
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(file.executable() ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  /** What is other in {@code wanted}, a line each. */
  public List<String> differences(Checkout wanted) {
    List<String> lines = new ArrayList<>();
    SortedMap<String, Node> all = new TreeMap<>(entries);
    all.putAll(wanted.entries);
    for (String path : all.keySet()) {
      String mine = String.valueOf(entries.get(path));
      String theirs = String.valueOf(wanted.entries.get(path));
      if (!mine.equals(theirs)) {
        lines.add(path + ": " + mine + ", wanted " + theirs);
      }
    }
    return lines;
  }
}
