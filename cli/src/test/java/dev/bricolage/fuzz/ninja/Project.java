package dev.bricolage.fuzz.ninja;

import dev.bricolage.fuzz.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The edges of a manifest, as the files below {@code edges/} describe them, and the manifest's own
 * files.
 *
 * @param recipes by their numbers
 * @param makers the recipe for each output, by its path as the manifest spells it
 * @param base the number that every command begins with: a variable of the manifest
 */
record Project(SortedMap<Integer, Recipe> recipes, Map<String, Recipe> makers, int base) {
  static final String FOLDER = "edges/";

  /** The project of a checkout; what is no description counts as no edge. */
  static Project of(Checkout checkout) {
    SortedMap<Integer, Recipe> recipes = new TreeMap<>();
    Map<String, Recipe> makers = new HashMap<>();
    int base = 5;
    for (Map.Entry<String, Checkout.Node> entry : checkout.entries().entrySet()) {
      String path = entry.getKey();
      if (path.startsWith(FOLDER) && entry.getValue() instanceof Checkout.Node.File file) {
        if (path.equals(FOLDER + "base")) {
          base = Integer.parseInt(file.bytes().strip());
        } else {
          int id = Integer.parseInt(path.substring(FOLDER.length()));
          Recipe recipe = Recipe.parse(id, file.bytes());
          recipes.put(id, recipe);
          recipe.outs().forEach(out -> makers.put(out, recipe));
        }
      }
    }
    return new Project(recipes, makers, base);
  }

  /** Writes the manifest's files where they are not as they should be. */
  void lay(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      boolean there = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      if (!there || !Files.readString(path).equals(file.getValue())) {
        Files.deleteIfExists(path);
        Files.writeString(path, file.getValue());
      }
    }
  }

  /** By their names in the build folder. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "rules.ninja",
        """
        pool one
          depth = 1
        fn = %s
        rule do
          command = v=$base; $fn $cmd
          description = @$id
        """
            .formatted(Recipe.PRELUDE.replace("$", "$$")));
    files.put("sub.ninja", statements(true));
    files.put(
        "build.ninja",
        "base = %d\ninclude rules.ninja\n%ssubninja sub.ninja\nbuild all: phony %s\ndefault all\n"
            .formatted(base, statements(false), String.join(" ", outputs())));
    return files;
  }

  private String statements(boolean below) {
    return recipes.values().stream()
        .filter(recipe -> recipe.has("sub") == below)
        .map(Recipe::statement)
        .collect(Collectors.joining());
  }

  /** The first output of every edge: what {@code all} stands for. */
  List<String> outputs() {
    return recipes.values().stream().map(recipe -> recipe.outs().getFirst()).toList();
  }

  /** The paths that an edge must have told ninja of if it is to know. */
  static Stream<String> declared(Recipe recipe) {
    return recipe.inputs().stream();
  }
}
