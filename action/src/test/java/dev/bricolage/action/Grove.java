package dev.bricolage.action;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Random nouns, by seed; names are odd as often as not. */
final class Grove {
  private static final String[] PARTS = {
    "a",
    "b",
    "Z",
    "_",
    "-",
    " ",
    ".",
    "..x",
    "é",
    "\uff5e",
    "\ud83d\ude00",
    "\ud7ff",
    "\uffff",
    "\n"
  };

  private final SplittableRandom random;

  Grove(long seed) {
    random = new SplittableRandom(seed);
  }

  String name() {
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      name.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return name.toString().matches("\\.{1,2}") ? "dots" : name.toString();
  }

  String text() {
    return random.nextInt(6) == 0 ? "" : name() + "/../" + name();
  }

  Digest digest() {
    long size = random.nextLong() >>> (1 + random.nextInt(63));
    return random.nextInt(8) == 0
        ? Digest.EMPTY
        : new Digest(random.nextLong(), random.nextLong(), random.nextLong(), 0, size);
  }

  Entry entry() {
    return switch (random.nextInt(4)) {
      case 0 -> new Entry.Folder();
      case 1 -> new Entry.Link(text());
      default -> new Entry.File(digest(), random.nextBoolean());
    };
  }

  SortedMap<TreePath, Entry> entries() {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    List<TreePath> folders = new ArrayList<>(List.of(TreePath.ROOT));
    for (int i = random.nextInt(40); i > 0; i--) {
      TreePath path = folders.get(random.nextInt(folders.size())).child(name());
      Entry entry = entry();
      if (entries.putIfAbsent(path, entry) == null && entry instanceof Entry.Folder) {
        folders.add(path);
      }
    }
    return entries;
  }

  Tree tree() {
    return new Tree(entries());
  }

  SortedMap<String, String> variables() {
    SortedMap<String, String> variables = new TreeMap<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      variables.put(name(), text());
    }
    return variables;
  }

  Command command() {
    List<String> arguments = new ArrayList<>(List.of(text()));
    for (int i = random.nextInt(6); i > 0; i--) {
      arguments.add(text());
    }
    return new Command(arguments, variables(), text(), variables());
  }

  Action action() {
    Duration limit =
        Duration.ofSeconds(random.nextInt(3) == 0 ? 0 : random.nextInt(), random.nextInt(2_000))
            .abs();
    return new Action(
        command(), tree(), random.nextBoolean() ? Optional.of(limit) : Optional.empty());
  }

  Outcome outcome() {
    SortedMap<TreePath, Entry> changes = entries();
    List<TreePath> deleted = new ArrayList<>();
    TreeSet<TreePath> rewritten = new TreeSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      deleted.add(new TreePath(name()));
      rewritten.add(new TreePath(name()));
    }
    List<Outcome.Span> console = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      console.add(new Outcome.Span(random.nextBoolean(), random.nextInt(100_000)));
    }
    int exitCode = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(256);
    return new Outcome(exitCode, changes, rewritten, deleted, digest(), digest(), console);
  }

  /** These bytes with a few of them flipped, cut, doubled, or a huge length written over them. */
  byte[] mutated(byte[] bytes) {
    byte[] mutant = bytes.clone();
    for (int i = random.nextInt(3); i >= 0 && mutant.length > 0; i--) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(5)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt();
        case 2 -> mutant = java.util.Arrays.copyOf(mutant, at);
        case 3 -> mutant = spliced(mutant, at, new byte[] {mutant[at]});
        default -> mutant = spliced(mutant, at, HUGE[random.nextInt(HUGE.length)]);
      }
    }
    return mutant;
  }

  private static final byte[][] HUGE = {
    {-1, -1, -1, -1, 7},
    {-1, -1, -1, -1, -1, -1, -1, -1, 127},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
    {-128, -128, -128, -128, 8},
  };

  private static byte[] spliced(byte[] bytes, int at, byte[] insert) {
    byte[] longer = new byte[bytes.length + insert.length];
    System.arraycopy(bytes, 0, longer, 0, at);
    System.arraycopy(insert, 0, longer, at, insert.length);
    System.arraycopy(bytes, at, longer, at + insert.length, bytes.length - at);
    return longer;
  }
}
