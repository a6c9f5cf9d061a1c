package dev.bricolage.watch;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A folder in which a seed does what people and tools do to folders. */
final class Playground {
  /** What an edit touched, as an honest watcher would tell it. */
  record Touched(String path, boolean folder) {}

  private static final String[] NAMES = {"a", "b", "c", "d e", "é"};

  private final Path root;
  private final Random dice;
  private int count;

  Playground(Path root, long seed) {
    this.root = root;
    this.dice = new Random(seed);
  }

  /** One edit; what it touched is empty when it could not be done. */
  List<Touched> edit() throws IOException {
    String path = path();
    try {
      return switch (dice.nextInt(10)) {
        case 0, 1, 2, 3 -> write(path);
        case 4 -> remove(path);
        case 5, 6 -> folder(path);
        case 7, 8 -> move(path, path());
        default -> link(path, dice.nextBoolean() ? path() : "..");
      };
    } catch (FileSystemException impossible) {
      return List.of(); // no such folder, a folder in the way, into itself
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder(NAMES[dice.nextInt(NAMES.length)]);
    while (path.length() < 8 && dice.nextInt(2) == 0) {
      path.append('/').append(NAMES[dice.nextInt(NAMES.length)]);
    }
    return path.toString();
  }

  private List<Touched> write(String path) throws IOException {
    Path file = root.resolve(path);
    if (Files.isSymbolicLink(file) || !isInside(file)) {
      return List.of(); // writing through a link touches somewhere else
    }
    Files.writeString(file, "text " + count++);
    return List.of(new Touched(path, false));
  }

  private List<Touched> remove(String path) throws IOException {
    Path file = root.resolve(path);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !isInside(file)) {
      return List.of();
    }
    List<Touched> touched = new ArrayList<>();
    List<Path> all;
    try (Stream<Path> below = Files.walk(file)) {
      all = new ArrayList<>(below.toList());
    }
    for (Path each : all.reversed()) {
      touched.add(touched(each));
      Files.delete(each);
    }
    return touched;
  }

  private List<Touched> folder(String path) throws IOException {
    Path folder = root.resolve(path);
    if (!isInside(folder)) {
      return List.of();
    }
    Files.createDirectory(folder);
    return List.of(new Touched(path, true));
  }

  private List<Touched> move(String from, String to) throws IOException {
    Path old = root.resolve(from);
    if (!Files.exists(old, LinkOption.NOFOLLOW_LINKS)
        || !isInside(old)
        || !isInside(root.resolve(to))) {
      return List.of();
    }
    boolean folder = touched(old).folder();
    Files.move(old, root.resolve(to));
    return List.of(new Touched(from, folder), new Touched(to, folder));
  }

  private List<Touched> link(String path, String target) throws IOException {
    if (!isInside(root.resolve(path))) {
      return List.of();
    }
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
    return List.of(new Touched(path, false));
  }

  /** Whether the folder it is in is really there and not behind a link. */
  private boolean isInside(Path path) throws IOException {
    Path parent = path.resolveSibling("");
    return Files.isDirectory(parent) && parent.toRealPath().equals(parent);
  }

  private Touched touched(Path path) {
    return new Touched(
        root.relativize(path).toString(), Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
  }
}
