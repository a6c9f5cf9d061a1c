package dev.bricolage.action;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

  /** Copies and sorts, as the canonical form asks. */
  public Directory {
    files = sorted(files, Comparator.comparing(FileNode::name, Directory::byBytes));
    directories =
        sorted(directories, Comparator.comparing(DirectoryNode::name, Directory::byBytes));
    symlinks = sorted(symlinks, Comparator.comparing(SymlinkNode::name, Directory::byBytes));
  }

  private static <T> List<T> sorted(List<T> nodes, Comparator<T> order) {
    return nodes.stream().sorted(order).toList();
  }

  /** REAPI sorts names by their UTF-8 bytes, which is the order of code points, not of chars. */
  private static int byBytes(String left, String right) {
    return java.util.Arrays.compareUnsigned(
        left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        right.getBytes(java.nio.charset.StandardCharsets.UTF_8));
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
   * @throws IllegalArgumentException when the bytes are not a {@code Directory}
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
    private Wire.Field second = new Wire.Field(2, 0, new byte[0]);
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
