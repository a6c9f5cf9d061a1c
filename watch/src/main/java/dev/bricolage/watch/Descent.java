package dev.bricolage.watch;

import dev.bricolage.action.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A way down from a root, folder by folder, each opened by its name within the one above and never
 * through a link ({@code openat} with {@code O_NOFOLLOW}), so that a folder that somebody puts a
 * link in the place of, at whatever moment, leads nowhere. The folders on the way stay open: asked
 * in the order of their paths, each is opened once.
 */
final class Descent implements Closeable {
  private final List<String> names = new ArrayList<>();
  private final List<SecureDirectoryStream<Path>> open = new ArrayList<>();

  private Descent(SecureDirectoryStream<Path> root) {
    open.add(root);
  }

  /** Begins at a folder; empty when there is none. */
  @SuppressWarnings("StreamResourceLeak") // closed by who closes this
  static Optional<Descent> from(Path root) throws IOException {
    try {
      return Optional.of(new Descent(secure(root, Files.newDirectoryStream(root))));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    }
  }

  /** What is at this path; empty when nothing is, or not in a folder that is no link. */
  Optional<BasicFileAttributes> look(TreePath path) throws IOException {
    if (path.equals(TreePath.ROOT)) {
      return Optional.of(
          open.getFirst().getFileAttributeView(BasicFileAttributeView.class).readAttributes());
    }
    return enter(path.parent()) ? attributes(path.name()) : Optional.empty();
  }

  /**
   * What the file at this path holds; empty when there is none.
   *
   * @param limit bytes that are too many
   * @throws IOException also when it holds that many
   */
  Optional<byte[]> read(TreePath path, int limit) throws IOException {
    if (look(path).filter(BasicFileAttributes::isRegularFile).isEmpty()) {
      return Optional.empty();
    }
    // Not more than was looked at: a pipe that has taken the file's place would block here, but
    // who can put it there can write endless files as well.
    try (InputStream in =
        Channels.newInputStream(
            open.getLast()
                .newByteChannel(
                    Path.of(path.name()),
                    Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
      byte[] bytes = in.readNBytes(limit);
      if (bytes.length == limit) {
        throw new IOException("it has " + limit + " bytes or more, too many for a text");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The names in the folder at this path, in any order; empty when there is none. */
  Optional<List<Path>> list(TreePath path) throws IOException {
    if (!enter(path)) {
      return Optional.empty();
    }
    List<Path> found = new ArrayList<>();
    // A stream can be read once only, and this one may be asked again.
    try (DirectoryStream<Path> again = open.getLast().newDirectoryStream(Path.of("."))) {
      again.forEach(entry -> found.add(entry.getFileName()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(found);
  }

  /** Opens the way to a folder; false when it is not there. */
  private boolean enter(TreePath folder) throws IOException {
    List<String> way = folder.names();
    int common = 0;
    while (common < Math.min(names.size(), way.size())
        && names.get(common).equals(way.get(common))) {
      common++;
    }
    while (names.size() > common) {
      leave();
    }
    for (String name : way.subList(common, way.size())) {
      if (!step(name)) {
        return false;
      }
    }
    return true;
  }

  private boolean step(String name) throws IOException {
    // Looked at before it is opened, because opening a pipe blocks.
    if (attributes(name).filter(BasicFileAttributes::isDirectory).isEmpty()) {
      return false;
    }
    try {
      Path path = Path.of(name);
      open.add(secure(path, open.getLast().newDirectoryStream(path, LinkOption.NOFOLLOW_LINKS)));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    }
    names.add(name);
    return true;
  }

  private Optional<BasicFileAttributes> attributes(String name) throws IOException {
    try {
      return Optional.of(
          open.getLast()
              .getFileAttributeView(
                  Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static SecureDirectoryStream<Path> secure(Path path, DirectoryStream<Path> stream)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException(
        path
            + " is in a file system where folders cannot be opened within each other;"
            + " put it on one of the machine's own");
  }

  private void leave() throws IOException {
    names.removeLast();
    open.removeLast().close();
  }

  @Override
  public void close() throws IOException {
    while (!names.isEmpty()) {
      leave();
    }
    open.getFirst().close();
  }
}
