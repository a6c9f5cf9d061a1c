package dev.bricolage.action;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One folder of a tree, encoded as REAPI's {@code Directory}: its entries by kind, each sorted by
 * name, subfolders by the digest of their own encoding.
 */
public record Directory(
    List<FileNode> files, List<DirectoryNode> directories, List<SymlinkNode> symlinks) {

  /** A folder without entries; its encoding has no bytes. */
  public static final Directory EMPTY = new Directory(List.of(), List.of(), List.of());

  /** A regular file. */
  public record FileNode(String name, Digest digest, boolean executable) {}

  /** A subfolder. */
  public record DirectoryNode(String name, Digest digest) {}

  /** A symbolic link and the text it holds. */
  public record SymlinkNode(String name, String target) {}

  /**
   * Copies and sorts by the names' UTF-8 bytes, as the canonical form asks.
   *
   * @throws IllegalArgumentException for what is no name of an entry, or is two entries' name
   */
  public Directory {
    files = sorted(files, Comparator.comparing(FileNode::name, Wire::byBytes));
    directories = sorted(directories, Comparator.comparing(DirectoryNode::name, Wire::byBytes));
    symlinks = sorted(symlinks, Comparator.comparing(SymlinkNode::name, Wire::byBytes));
    checkNames(files, directories, symlinks);
  }

  private static <T> List<T> sorted(List<T> nodes, Comparator<T> order) {
    return nodes.stream().sorted(order).toList();
  }

  private static void checkNames(
      List<FileNode> files, List<DirectoryNode> directories, List<SymlinkNode> symlinks) {
    Set<String> names = new HashSet<>();
    Stream<String> all =
        Stream.of(
                files.stream().map(FileNode::name),
                directories.stream().map(DirectoryNode::name),
                symlinks.stream().map(SymlinkNode::name))
            .flatMap(each -> each);
    all.forEach(name -> {
      TreePath.checkEntryName(name);
      if (!names.add(name)) {
        throw new IllegalArgumentException("two entries of a folder have the name '" + name + "'");
      }
    });
  }

  /** The canonical protobuf encoding. */
  public byte[] encode() {
    Wire wire = new Wire();
    for (FileNode file : files) {
      wire.message(
          1, new Wire().text(1, file.name()).digest(2, file.digest()).flag(4, file.executable()));
    }
    for (DirectoryNode directory : directories) {
      wire.message(2, new Wire().text(1, directory.name()).digest(2, directory.digest()));
    }
    for (SymlinkNode symlink : symlinks) {
      wire.message(3, new Wire().text(1, symlink.name()).text(2, symlink.target()));
    }
    return wire.toBytes();
  }

  /**
   * Reads a canonical encoding.
   *
   * @throws IllegalArgumentException when the bytes are not a {@code Directory}, whatever they are
   */
  public static Directory decode(byte[] message) {
    List<FileNode> files = new ArrayList<>();
    List<DirectoryNode> directories = new ArrayList<>();
    List<SymlinkNode> symlinks = new ArrayList<>();
    Wire.read(
        message,
        field -> {
          switch (field.number()) {
            case 1 -> files.add(file(field.bytes()));
            case 2 -> directories.add(directory(field.bytes()));
            case 3 -> symlinks.add(symlink(field.bytes()));
            default -> {}
          }
        });
    return new Directory(files, directories, symlinks);
  }

  static FileNode file(byte[] message) {
    Node node = new Node(message);
    return new FileNode(node.name, node.second.digest(), node.executable);
  }

  private static DirectoryNode directory(byte[] message) {
    Node node = new Node(message);
    return new DirectoryNode(node.name, node.second.digest());
  }

  static SymlinkNode symlink(byte[] message) {
    Node node = new Node(message);
    return new SymlinkNode(node.name, node.second.text());
  }

  /** What the three node messages share: a name, and a second field that each reads its own way. */
  private static final class Node {
    private String name = "";
    private Wire.Field second = Wire.Field.ofBytes(2, new byte[0]);
    private boolean executable;

    Node(byte[] message) {
      Wire.read(
          message,
          field -> {
            switch (field.number()) {
              case 1 -> name = field.text();
              case 2 -> second = field;
              case 4 -> executable = field.flag();
              default -> {}
            }
          });
    }
  }
}
