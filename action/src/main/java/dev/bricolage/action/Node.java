package dev.bricolage.action;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder with all that is below it, immutable: trees that differ little share the folders in
 * which they do not differ, with the digests these know of themselves.
 */
final class Node {
  static final Node EMPTY = new Node(List.of(), List.of());

  private final List<String> names; // sorted by bytes
  private final List<Item> items; // as the names
  private final int size;
  private volatile @Nullable Digest digest;

  /** What has a name in a folder. */
  private sealed interface Item {
    /** A file or a link. */
    record Leaf(Entry entry) implements Item {}

    /** A folder. */
    record Below(Node node) implements Item {}

    default Entry entry() {
      return switch (this) {
        case Leaf(Entry entry) -> entry;
        case Below(Node node) -> FOLDER;
      };
    }
  }

  private static final Entry.Folder FOLDER = new Entry.Folder();

  private Node(List<String> names, List<Item> items) {
    this.names = names;
    this.items = items;
    int all = items.size();
    for (Item item : items) {
      all += item instanceof Item.Below(Node node) ? node.size : 0;
    }
    this.size = all;
  }

  /** How many entries there are below. */
  int size() {
    return size;
  }

  List<String> names() {
    return names;
  }

  private @Nullable Item item(String name) {
    int at = index(name);
    return at < 0 ? null : items.get(at);
  }

  private int index(String name) {
    int low = 0;
    int high = names.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Wire.byBytes(names.get(middle), name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -(low + 1);
  }

  /** What is at a path below; the path is not the root. */
  Optional<Entry> at(String path) {
    Node folder = this;
    int from = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      if (!(folder.item(path.substring(from, slash)) instanceof Item.Below(Node below))) {
        return Optional.empty();
      }
      folder = below;
      from = slash + 1;
    }
    return Optional.ofNullable(folder.item(path.substring(from))).map(Item::entry);
  }

  /** The folder at a path, empty if there is none. */
  Optional<Node> folder(TreePath path) {
    Node folder = this;
    for (String name : path.names()) {
      if (!(folder.item(name) instanceof Item.Below(Node below))) {
        return Optional.empty();
      }
      folder = below;
    }
    return Optional.of(folder);
  }

  /** Every entry below, a folder before what is in it. */
  void walk(TreePath here, BiConsumer<TreePath, Entry> sink) {
    for (int i = 0; i < names.size(); i++) {
      TreePath path = here.child(names.get(i));
      sink.accept(path, items.get(i).entry());
      if (items.get(i) instanceof Item.Below(Node node)) {
        node.walk(path, sink);
      }
    }
  }

  /** The digest of its {@code Directory}. */
  Digest digest() {
    Digest known = digest;
    if (known == null) {
      known = Digest.of(message().encode());
      digest = known;
    }
    return known;
  }

  /** The encodings of its folders and its own, children before parents. */
  void encode(List<byte[]> sink) {
    for (Item item : items) {
      if (item instanceof Item.Below(Node node)) {
        node.encode(sink);
      }
    }
    sink.add(message().encode());
  }

  private Directory message() {
    List<Directory.FileNode> files = new ArrayList<>();
    List<Directory.DirectoryNode> folders = new ArrayList<>();
    List<Directory.SymlinkNode> links = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      switch (items.get(i)) {
        case Item.Below(Node node) -> folders.add(new Directory.DirectoryNode(name, node.digest()));
        case Item.Leaf(Entry.File file) ->
            files.add(new Directory.FileNode(name, file.digest(), file.executable()));
        case Item.Leaf(Entry.Link link) ->
            links.add(new Directory.SymlinkNode(name, link.target()));
        case Item.Leaf(Entry.Folder folder) ->
            throw new IllegalStateException("a folder is a node");
      }
    }
    return new Directory(files, folders, links);
  }

  /** The entries that only one of two folders has, or has otherwise; each before what is in it. */
  static void difference(
      TreePath here, Node left, Node right, Consumer<TreePath> gone, Consumer<TreePath> come) {
    if (left.isSame(right)) {
      return;
    }
    int l = 0;
    int r = 0;
    while (l < left.names.size() || r < right.names.size()) {
      int order = order(left, l, right, r);
      if (order == 0) {
        Item before = left.items.get(l);
        Item after = right.items.get(r);
        if (!isShared(before, after)) {
          difference(here.child(left.names.get(l)), before, after, gone, come);
        }
      } else if (order < 0) {
        all(here.child(left.names.get(l)), left.items.get(l), gone);
      } else {
        all(here.child(right.names.get(r)), right.items.get(r), come);
      }
      l += order <= 0 ? 1 : 0;
      r += order >= 0 ? 1 : 0;
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same object is the cheapest proof of being equal
  private static boolean isShared(Item left, Item right) {
    return left == right;
  }

  private static void difference(
      TreePath path, Item left, Item right, Consumer<TreePath> gone, Consumer<TreePath> come) {
    if (left instanceof Item.Below(Node before) && right instanceof Item.Below(Node after)) {
      difference(path, before, after, gone, come);
    } else if (!left.entry().equals(right.entry())) {
      all(path, left, gone);
      all(path, right, come);
    }
  }

  /** How many entries differ; above {@code most}, any number above it. */
  static int distance(Node left, Node right, int most) {
    if (left.isSame(right)) {
      return 0;
    }
    int distance = 0;
    int l = 0;
    int r = 0;
    while (distance <= most && (l < left.names.size() || r < right.names.size())) {
      int order = order(left, l, right, r);
      if (order == 0) {
        Item before = left.items.get(l);
        Item after = right.items.get(r);
        distance += isShared(before, after) ? 0 : distance(before, after, most - distance);
      } else {
        distance += all(order < 0 ? left.items.get(l) : right.items.get(r));
      }
      l += order <= 0 ? 1 : 0;
      r += order >= 0 ? 1 : 0;
    }
    return distance;
  }

  /** Which of two folders' next names comes first; of one that has none, the other's. */
  private static int order(Node left, int l, Node right, int r) {
    if (l == left.names.size()) {
      return 1;
    }
    return r == right.names.size() ? -1 : Wire.byBytes(left.names.get(l), right.names.get(r));
  }

  private static int distance(Item left, Item right, int most) {
    if (left instanceof Item.Below(Node before) && right instanceof Item.Below(Node after)) {
      return distance(before, after, most);
    }
    return left.entry().equals(right.entry()) ? 0 : all(left) + all(right);
  }

  private static int all(Item item) {
    return item instanceof Item.Below(Node node) ? 1 + node.size : 1;
  }

  private static void all(TreePath path, Item item, Consumer<TreePath> sink) {
    sink.accept(path);
    if (item instanceof Item.Below(Node node)) {
      node.walk(path, (below, entry) -> sink.accept(below));
    }
  }

  /** Whether that is known without looking below. */
  @SuppressWarnings("ReferenceEquality") // the same object is the cheapest proof of being equal
  private boolean isSame(Node other) {
    Digest ours = digest;
    return this == other || (ours != null && ours.equals(other.digest));
  }

  /** Changes to a folder, put together at the end: what is not touched is shared. */
  static final class Draft {
    private final Node base;
    private final NavigableMap<String, Change> changes = new TreeMap<>(Wire::byBytes);

    Draft(Node base) {
      this.base = base;
    }

    private sealed interface Change {
      record Leaf(Entry entry) implements Change {}

      record Below(Draft draft) implements Change {}

      record Gone() implements Change {}
    }

    /**
     * Puts an entry at a path, in the place of what was there; a folder keeps what is in it.
     *
     * @throws IllegalArgumentException when what is above is no folder
     */
    void put(TreePath path, Entry entry) {
      Draft folder = above(path);
      String name = path.name();
      if (!(entry instanceof Entry.Folder)) {
        folder.changes.put(name, new Change.Leaf(entry));
      } else if (folder.below(name).isEmpty()) {
        folder.changes.put(name, new Change.Below(new Draft(EMPTY)));
      }
    }

    /** Takes away what is at a path, with all that is below it. */
    void remove(TreePath path) {
      Draft folder = this;
      List<String> names = path.names();
      for (String name : names.subList(0, names.size() - 1)) {
        Optional<Draft> below = folder.below(name);
        if (below.isEmpty()) {
          return;
        }
        folder = below.get();
      }
      folder.changes.put(path.name(), new Change.Gone());
    }

    private Draft above(TreePath path) {
      Draft folder = this;
      List<String> names = path.names();
      for (int i = 0; i < names.size() - 1; i++) {
        String name = names.get(i);
        Optional<Draft> below = folder.below(name);
        if (below.isEmpty() && folder.has(name)) {
          throw new IllegalArgumentException(
              path
                  + " lies below "
                  + String.join("/", names.subList(0, i + 1))
                  + ", which is no folder");
        }
        if (below.isEmpty()) {
          below = Optional.of(new Draft(EMPTY));
          folder.changes.put(name, new Change.Below(below.get()));
        }
        folder = below.get();
      }
      return folder;
    }

    private boolean has(String name) {
      Change change = changes.get(name);
      return change == null ? base.index(name) >= 0 : !(change instanceof Change.Gone);
    }

    /** A folder in this one, to be changed. */
    private Optional<Draft> below(String name) {
      Change change = changes.get(name);
      if (change != null) {
        return change instanceof Change.Below(Draft draft) ? Optional.of(draft) : Optional.empty();
      }
      if (!(base.item(name) instanceof Item.Below(Node node))) {
        return Optional.empty();
      }
      Draft draft = new Draft(node);
      changes.put(name, new Change.Below(draft));
      return Optional.of(draft);
    }

    /** The folder as it is now. */
    Node node() {
      if (changes.isEmpty()) {
        return base;
      }
      String[] names = new String[base.names.size() + changes.size()];
      Item[] items = new Item[names.length];
      int count = 0;
      int next = 0;
      for (Map.Entry<String, Change> change : changes.entrySet()) {
        int at = base.index(change.getKey());
        int until = at < 0 ? -(at + 1) : at;
        for (; next < until; next++) {
          names[count] = base.names.get(next);
          items[count++] = base.items.get(next);
        }
        next = at < 0 ? next : at + 1;
        Optional<Item> item = item(change.getValue());
        if (item.isPresent()) {
          names[count] = change.getKey();
          items[count++] = item.get();
        }
      }
      for (; next < base.names.size(); next++) {
        names[count] = base.names.get(next);
        items[count++] = base.items.get(next);
      }
      return new Node(List.of(Arrays.copyOf(names, count)), List.of(Arrays.copyOf(items, count)));
    }

    private static Optional<Item> item(Change change) {
      return switch (change) {
        case Change.Leaf(Entry entry) -> Optional.of(new Item.Leaf(entry));
        case Change.Below(Draft draft) -> Optional.of(new Item.Below(draft.node()));
        case Change.Gone() -> Optional.empty();
      };
    }
  }
}
