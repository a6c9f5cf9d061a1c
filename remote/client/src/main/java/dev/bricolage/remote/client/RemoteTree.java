package dev.bricolage.remote.client;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Directory;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Tree;
import dev.bricolage.action.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A folder of a result as one blob: REAPI's {@code Tree}, which names folders by their digests. */
public final class RemoteTree {
  /** Folders that name each other often make a small blob a large tree. */
  private static final int MOST_ENTRIES = 5_000_000;

  private static final int ROOT = 1;
  private static final int CHILD = 2;

  private final Map<Digest, Directory> children = new HashMap<>();
  private final SortedMap<TreePath, Entry> entries = new TreeMap<>();
  private Directory root = Directory.EMPTY;

  private RemoteTree() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none, lacks a folder that it names, or is too large
   */
  public static Tree decode(byte[] message) {
    RemoteTree tree = new RemoteTree();
    try {
      tree.read(CodedInputStream.newInstance(message));
    } catch (IOException e) {
      throw new IllegalArgumentException("not a tree: " + e.getMessage(), e);
    }
    tree.add(TreePath.ROOT, tree.root);
    return new Tree(tree.entries);
  }

  /** The folders' own bytes are what their digests are of: they are not encoded anew. */
  private void read(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      boolean bytes = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (bytes && field == ROOT) {
        root = Directory.decode(in.readByteArray());
      } else if (bytes && field == CHILD) {
        byte[] child = in.readByteArray();
        children.put(Digest.of(child), Directory.decode(child));
      } else {
        in.skipField(tag);
      }
    }
  }

  /** It ends: a folder that is within itself would have to have its own digest in its bytes. */
  private void add(TreePath path, Directory folder) {
    folder
        .files()
        .forEach(
            file -> put(path.child(file.name()), new Entry.File(file.digest(), file.executable())));
    folder.symlinks().forEach(link -> put(path.child(link.name()), new Entry.Link(link.target())));
    for (Directory.DirectoryNode child : folder.directories()) {
      TreePath below = path.child(child.name());
      put(below, new Entry.Folder());
      if (!child.digest().equals(Digest.EMPTY)) {
        Directory known = children.get(child.digest());
        if (known == null) {
          throw new IllegalArgumentException(
              "not a whole tree: the folder %s of it, %s, is missing"
                  .formatted(below, child.digest()));
        }
        add(below, known);
      }
    }
  }

  private void put(TreePath path, Entry entry) {
    entries.put(path, entry);
    if (entries.size() > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "not a tree that anybody made: it has more than %d entries".formatted(MOST_ENTRIES));
    }
  }

  /** Writes one: the root, then each other folder once. */
  public static byte[] encode(Tree tree) {
    List<byte[]> folders = tree.encoded();
    Map<Digest, byte[]> others = new java.util.LinkedHashMap<>();
    folders.subList(0, folders.size() - 1).forEach(each -> others.put(Digest.of(each), each));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeByteArray(ROOT, folders.getLast());
      for (byte[] child : others.values()) {
        out.writeByteArray(CHILD, child);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }
}
