package dev.bricolage.workspace;

import dev.bricolage.execute.Machine;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The variables a command sees, all of them part of its key: a small fixed set, the usual build
 * variables where the user has set them, and what {@code -e} names.
 */
public final class Environment {
  /** Taken from the user's environment when set there. */
  static final Set<String> ALLOWED =
      Set.of(
          "AR",
          "ARFLAGS",
          "AS",
          "ASFLAGS",
          "CC",
          "CFLAGS",
          "CPATH",
          "CPP",
          "CPPFLAGS",
          "CXX",
          "CXXFLAGS",
          "C_INCLUDE_PATH",
          "CPLUS_INCLUDE_PATH",
          "CGO_ENABLED",
          "CMAKE_BUILD_TYPE",
          "CMAKE_GENERATOR",
          "DEBUG",
          "DESTDIR",
          "FC",
          "FFLAGS",
          "GOARCH",
          "GOFLAGS",
          "GOOS",
          "JAVA_HOME",
          "JAVA_TOOL_OPTIONS",
          "LD",
          "LDFLAGS",
          "LDLIBS",
          "LEX",
          "LIBRARY_PATH",
          "LIBS",
          "MAKEFLAGS",
          "MAVEN_OPTS",
          "NM",
          "OBJCOPY",
          "OBJDUMP",
          "PKG_CONFIG",
          "PKG_CONFIG_LIBDIR",
          "PKG_CONFIG_PATH",
          "PREFIX",
          "PYTHON",
          "RANLIB",
          "RUSTFLAGS",
          "SOURCE_DATE_EPOCH",
          "STRIP",
          "V",
          "VERBOSE",
          "YACC");

  private static final Map<String, String> FIXED =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME", Machine.HOME,
          "USER", "bric",
          "LOGNAME", "bric",
          "SHELL", "/bin/sh",
          "LANG", "C.UTF-8",
          "LC_ALL", "C.UTF-8",
          "TZ", "UTC",
          "TERM", "dumb",
          "TMPDIR", "/tmp");

  private Environment() {}

  /**
   * The environment of a command.
   *
   * @param users the user's own environment
   * @param chosen what {@code -e} says, which goes before all else
   */
  public static SortedMap<String, String> of(
      Map<String, String> users, Map<String, String> chosen) {
    SortedMap<String, String> environment = new TreeMap<>(FIXED);
    for (String name : ALLOWED) {
      String value = users.get(name);
      if (value != null) {
        environment.put(name, name.equals("MAKEFLAGS") ? withoutJobserver(value) : value);
      }
    }
    environment.putAll(chosen);
    return environment;
  }

  /** An outer make's job server is descriptors of its own, which a sandbox does not have. */
  private static String withoutJobserver(String makeflags) {
    return String.join(
        " ",
        Arrays.stream(makeflags.split(" "))
            .filter(flag -> !flag.startsWith("--jobserver"))
            .toList());
  }
}
