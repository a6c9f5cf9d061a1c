package dev.bricolage.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Trees that are made from others, beside a plain map that is changed in the same way. */
final class TreeEditsTest {
  private static final int STEPS = 3000;
  private static final List<String> NAMES = List.of("a", "b", "a.c", "ü", "\uD83D\uDE00", "\uFFFD");

  private final TreeMap<TreePath, Entry> model = new TreeMap<>();

  private static TreePath path(Random random) {
    StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(NAMES.size())));
    while (random.nextInt(3) > 0) {
      path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return new TreePath(path.toString());
  }

  private static Entry entry(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Entry.Folder();
      case 1 -> new Entry.Link("to " + random.nextInt(3));
      default -> new Entry.File(Digest.of("" + random.nextInt(3)), random.nextBoolean());
    };
  }

  private void remove(TreePath path) {
    model.keySet().removeIf(other -> other.startsWith(path));
  }

  /** Whether the map can take it: what is above is a folder, or nothing. */
  private boolean put(TreePath path, Entry entry) {
    for (TreePath above : path.ancestors()) {
      if (model.containsKey(above) && !(model.get(above) instanceof Entry.Folder)) {
        return false;
      }
    }
    path.ancestors().forEach(above -> model.put(above, new Entry.Folder()));
    if (!(entry instanceof Entry.Folder && model.get(path) instanceof Entry.Folder)) {
      remove(path);
      model.put(path, entry);
    }
    return true;
  }

  private static Set<TreePath> differing(Map<TreePath, Entry> one, Map<TreePath, Entry> other) {
    Set<TreePath> differing = new HashSet<>();
    one.forEach((path, entry) -> {
      if (!entry.equals(other.get(path))) {
        differing.add(path);
      }
    });
    return differing;
  }

  @Test
  void editedTreesAreAsTreesMadeAnew() {
    Random random = new Random(20261123);
    Tree tree = Tree.EMPTY;
    for (int step = 0; step < STEPS; step++) {
      TreeMap<TreePath, Entry> before = new TreeMap<>(model);
      List<TreePath> gone = random.nextInt(3) == 0 ? List.of(path(random)) : List.of();
      TreeMap<TreePath, Entry> changes = new TreeMap<>();
      gone.forEach(this::remove);
      TreePath changed = path(random);
      Entry entry = entry(random);
      if (put(changed, entry)) {
        changes.put(changed, entry);
      }
      Tree edited = tree.with(changes, gone);
      String told = "step " + step + ": " + gone + " go, " + changes + " come";
      assertEquals(model, edited.entries(), told);
      assertEquals(new Tree(model).digest(), edited.digest(), told);
      assertEquals(model.size(), edited.size(), told);
      List<TreePath> went = new ArrayList<>();
      List<TreePath> came = new ArrayList<>();
      tree.difference(edited, went::add, came::add);
      assertEquals(differing(before, model), new HashSet<>(went), told);
      assertEquals(differing(model, before), new HashSet<>(came), told);
      int distance = went.size() + came.size();
      assertEquals(distance, tree.distance(edited, Integer.MAX_VALUE), told);
      assertEquals(distance > 1, tree.distance(edited, 1) > 1, told);
      TreePath folder = path(random);
      Set<TreePath> below = new HashSet<>(model.keySet());
      below.removeIf(other -> other.equals(folder) || !other.startsWith(folder));
      assertEquals(below, new HashSet<>(edited.below(folder)), told);
      assertEquals(before, tree.entries(), told);
      tree = edited;
    }
  }

  @Test
  void nothingIsPutBelowAFile() {
    Tree tree =
        Tree.EMPTY.with(
            new TreeMap<>(Map.of(new TreePath("a"), new Entry.Link("elsewhere"))), List.of());
    TreeMap<TreePath, Entry> below = new TreeMap<>(Map.of(new TreePath("a/b"), new Entry.Folder()));
    assertEquals(
        "a/b lies below a, which is no folder",
        assertThrows(IllegalArgumentException.class, () -> tree.with(below, List.of()))
            .getMessage());
    assertEquals(
        Set.of(new TreePath("a"), new TreePath("a/b")),
        tree.with(below, List.of(new TreePath("a"))).entries().keySet());
  }
}
