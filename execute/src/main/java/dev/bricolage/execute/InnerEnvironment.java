package dev.bricolage.execute;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of an inner run's environment is part of its key: everything but these, which only build
 * tools read, and which differ with nothing but how many jobs there are and how deep make is.
 */
final class InnerEnvironment {
  /**
   * No compiler, assembler, linker or archiver reads one; that of make and shells are told here.
   */
  private static final Set<String> IRRELEVANT =
      Set.of(
          "MAKEFLAGS", // make's own options and the numbers of the jobserver's descriptors
          "MFLAGS", // the same, for old makefiles
          "CARGO_MAKEFLAGS", // cargo's jobserver; rustc asks it how many threads it may use
          "MAKELEVEL", // how many makes are above
          "MAKE_TERMOUT", // whether make's output is a terminal
          "MAKE_TERMERR",
          "MAKEOVERRIDES", // make's own command line
          "_", // the shell's last program
          "OLDPWD", // where the shell was before
          "SHLVL"); // how many shells are above

  private static final Pattern JOBSERVER =
      Pattern.compile("--jobserver-(?:auth|fds)=(\\d+),(\\d+)");

  private InnerEnvironment() {}

  /** The variables by their names; empty when it cannot be told what the tool would see. */
  static Optional<SortedMap<String, String>> of(List<String> env) {
    SortedMap<String, String> variables = new TreeMap<>();
    for (String variable : env) {
      int equals = variable.indexOf('=');
      if (equals <= 0) {
        return Optional.empty();
      }
      String name = variable.substring(0, equals);
      if (IRRELEVANT.contains(name)) {
        continue;
      }
      if (variables.put(name, variable.substring(equals + 1)) != null) {
        return Optional.empty(); // which of two counts is the program's own choice
      }
    }
    return Optional.of(variables);
  }

  /** The jobserver's descriptors: tools that know it take and give back tokens, and no data. */
  static Set<Integer> harmless(List<String> env) {
    Set<Integer> descriptors = new HashSet<>();
    for (String variable : env) {
      if (variable.startsWith("MAKEFLAGS=") || variable.startsWith("CARGO_MAKEFLAGS=")) {
        Matcher found = JOBSERVER.matcher(variable);
        while (found.find()) {
          descriptors.add(Integer.valueOf(found.group(1)));
          descriptors.add(Integer.valueOf(found.group(2)));
        }
      }
    }
    return descriptors;
  }
}
