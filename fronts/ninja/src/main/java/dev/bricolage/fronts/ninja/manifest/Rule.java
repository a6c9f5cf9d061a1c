package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule: templates for what an edge does, by the numbers of their names. */
final class Rule {
  /** What a rule may set. */
  static final Set<String> VARIABLES =
      Set.of(
          "command",
          "depfile",
          "deps",
          "description",
          "dyndep",
          "generator",
          "msvc_deps_prefix",
          "pool",
          "restat",
          "rspfile",
          "rspfile_content");

  static final Rule PHONY = new Rule("phony");

  private final String name;
  private final IntList names = new IntList();
  private final List<Template> templates = new ArrayList<>();

  Rule(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void set(int variable, Template template) {
    int index = indexOf(variable);
    if (index >= 0) {
      templates.set(index, template);
    } else {
      names.add(variable);
      templates.add(template);
    }
  }

  Optional<Template> get(int variable) {
    int index = indexOf(variable);
    return index < 0 ? Optional.empty() : Optional.of(templates.get(index));
  }

  boolean isEmpty(int variable) {
    int index = indexOf(variable);
    return index < 0 || templates.get(index).isEmpty();
  }

  private int indexOf(int variable) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i) == variable) {
        return i;
      }
    }
    return -1;
  }
}
