package dev.bricolage.testkit.gen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Something a person does to a folder. An edit that has nothing to work on does nothing, so that
 * any of them may be left out when a failure is made smaller.
 */
public sealed interface Edit {
  /**
   * Does it below {@code root}.
   *
   * @param host what {@code %H} stands for
   */
  void apply(Path root, String host) throws IOException;

  /** Puts a file there, whatever was there before. */
  record Write(String path, String content, boolean executable, boolean inPlace) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      Path file = root.resolve(path);
      if (!makeRoom(root, file, inPlace)) {
        return;
      }
      Files.write(file, content.replace("%H", host).getBytes(StandardCharsets.UTF_8));
      mode(file, executable);
    }
  }

  /** Changes the bytes of a file and neither its size nor, if so wished, its modification time. */
  record Twist(String path, int by, boolean keepTime) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      Path file = root.resolve(path);
      if (!isFile(root, file) || Files.size(file) == 0) {
        return;
      }
      FileTime time = Files.getLastModifiedTime(file);
      byte[] bytes = Files.readAllBytes(file);
      bytes[by % bytes.length] ^= (byte) (1 + by % 3);
      Files.write(file, bytes);
      if (keepTime) {
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  /** Adds a line. */
  record Append(String path, String line) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      Path file = root.resolve(path);
      if (isFile(root, file)) {
        Files.writeString(file, line + "\n", java.nio.file.StandardOpenOption.APPEND);
      }
    }
  }

  /** Removes what is there, with all below. */
  record Delete(String path) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      if (inside(root, root.resolve(path))) {
        remove(root.resolve(path));
      }
    }
  }

  /** Puts a folder there, unless one is. */
  record Folder(String path) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      Path folder = root.resolve(path);
      if (!isFolder(folder) && makeRoom(root, folder, false)) {
        Files.createDirectory(folder);
      }
    }
  }

  /** Puts a symbolic link there. */
  record Link(String path, String target) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      Path link = root.resolve(path);
      if (makeRoom(root, link, false)) {
        Files.createSymbolicLink(link, Path.of(target.replace("%H", host)));
      }
    }
  }

  /** Sets or clears the execute bits of a file. */
  record Executable(String path, boolean executable) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      if (isFile(root, root.resolve(path))) {
        mode(root.resolve(path), executable);
      }
    }
  }

  /** Sets a file's time and nothing else. */
  record Touch(String path, long second) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      if (isFile(root, root.resolve(path))) {
        Files.setLastModifiedTime(root.resolve(path), FileTime.from(Instant.ofEpochSecond(second)));
      }
    }
  }

  /** Moves what is there to another place, in place of what is there. */
  record Move(String from, String to) implements Edit {
    @Override
    public void apply(Path root, String host) throws IOException {
      Path source = root.resolve(from);
      Path target = root.resolve(to);
      boolean apart = !target.startsWith(source) && !source.startsWith(target);
      if (apart
          && inside(root, source)
          && Files.exists(source, LinkOption.NOFOLLOW_LINKS)
          && makeRoom(root, target, false)) {
        Files.move(source, target);
      }
    }
  }

  /** Keeps all files as they are for a {@link Restore}; the player of the scenario does it. */
  record Save(int slot) implements Edit {
    @Override
    public void apply(Path root, String host) {}
  }

  /** Brings back what was saved, as a change of branch does; the player of the scenario does it. */
  record Restore(int slot) implements Edit {
    @Override
    public void apply(Path root, String host) {}
  }

  /** Whether every folder above is a real one. */
  private static boolean inside(Path root, Path path) {
    return above(root, path).stream().allMatch(Edit::isFolder);
  }

  /** The folders between the root and the path, from the top. */
  private static List<Path> above(Path root, Path path) {
    List<Path> folders = new ArrayList<>();
    Path at = root;
    for (Path name : root.relativize(path)) {
      folders.add(at);
      at = at.resolve(name);
    }
    return folders;
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isFile(Path root, Path file) {
    return inside(root, file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes what is at a path, or all but a file; false when a link or a file is on the way. */
  private static boolean makeRoom(Path root, Path path, boolean keepFile) throws IOException {
    for (Path folder : above(root, path)) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        if (!isFolder(folder)) {
          return false;
        }
      } else {
        Files.createDirectory(folder);
      }
    }
    if (!(keepFile && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))) {
      remove(path);
    }
    return true;
  }

  private static void mode(Path file, boolean executable) throws IOException {
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  /** Removes a file, a link, or a folder with all that is in it, if it is there. */
  static void remove(Path path) throws IOException {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path folder, @org.jspecify.annotations.Nullable IOException e) throws IOException {
              Files.delete(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException nothing) {
      // What is not there needs no removing.
    }
  }
}
