package dev.bricolage.cli;

import java.util.Map;

/** When output is coloured: the values of {@code --color}. */
enum Colour {
  AUTO,
  ALWAYS,
  NEVER;

  /** By the conventions of no-color.org: NO_COLOR counts when it is set and not empty. */
  boolean applies(boolean terminal, Map<String, String> environment) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          terminal
              && environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !environment.getOrDefault("TERM", "").equals("dumb");
    };
  }
}
