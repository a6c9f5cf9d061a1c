package dev.bricolage.toy.syntax;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file cut into its items, each of which begins with a keyword of its own: no item's text can
 * spoil another's.
 *
 * @param imports in the order of the file
 * @param items each name once: the first that has it counts
 * @param problems of the cutting itself, counted from the beginning of the file
 */
public record Outline(List<Import> imports, List<Item> items, List<Problem> problems) {
  private static final Set<String> BEGINNINGS = Set.of("import", "const", "fun");

  /** Copies. */
  public Outline {
    imports = List.copyOf(imports);
    items = List.copyOf(items);
    problems = List.copyOf(problems);
  }

  /**
   * A file whose names are to be seen.
   *
   * @param at the token that names it
   */
  public record Import(int at, String file) {}

  /**
   * A constant or a function.
   *
   * @param start its first token, counted from the beginning of the file
   */
  public record Item(Kind kind, String name, int start, TokenList tokens) {
    /** By the keyword. */
    public enum Kind {
      CONSTANT,
      FUNCTION
    }
  }

  /** The item of this name. */
  public Optional<Item> item(String name) {
    return items.stream().filter(item -> item.name().equals(name)).findFirst();
  }

  /**
   * The same, when only some of its imports are there.
   *
   * @param there for each import
   */
  public Outline importing(List<Boolean> there) {
    List<Import> found = new ArrayList<>();
    List<Problem> told = new ArrayList<>(problems);
    for (int i = 0; i < imports.size(); i++) {
      Import wanted = imports.get(i);
      if (there.get(i)) {
        found.add(wanted);
      } else {
        told.add(new Problem(wanted.at(), wanted.file() + " is not there"));
      }
    }
    return new Outline(found, items, told);
  }

  /** The outline of a file. */
  public static Outline of(TokenList file) {
    return new Cut(file).outline();
  }

  /** The cutting. */
  private static final class Cut {
    private final TokenList file;
    private final List<Import> imports = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    Cut(TokenList file) {
      this.file = file;
    }

    Outline outline() {
      int start = 0;
      while (start < file.size()) {
        int end = nextBeginning(start + 1);
        cut(start, end);
        start = end;
      }
      return new Outline(imports, items, problems);
    }

    private int nextBeginning(int index) {
      int at = index;
      while (at < file.size() && !begins(file.at(at))) {
        at++;
      }
      return at;
    }

    private static boolean begins(Token token) {
      return token.kind() == Token.Kind.KEYWORD && BEGINNINGS.contains(token.text());
    }

    private void cut(int start, int end) {
      Token name = file.at(start + 1);
      if (!begins(file.at(start))) {
        problem(start, "import, const or fun must stand here, not " + file.at(start));
      } else if (!name.isName()) {
        problem(start + 1, "a name must follow " + file.at(start) + ", not " + name);
      } else if (file.at(start).is("import")) {
        cutImport(start, end);
      } else if (!names.add(name.text())) {
        problem(start + 1, name + " is defined above already");
      } else {
        Item.Kind kind = file.at(start).is("fun") ? Item.Kind.FUNCTION : Item.Kind.CONSTANT;
        items.add(new Item(kind, name.text(), start, file.from(start, end)));
      }
    }

    private void cutImport(int start, int end) {
      imports.add(new Import(start + 1, file.at(start + 1) + ".toy"));
      if (end > start + 2) {
        problem(start + 2, "import, const or fun must stand here, not " + file.at(start + 2));
      }
    }

    private void problem(int at, String message) {
      problems.add(new Problem(at, message));
    }
  }
}
