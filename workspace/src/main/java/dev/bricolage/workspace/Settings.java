package dev.bricolage.workspace;

import dev.bricolage.execute.Toolset;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * What a workspace's {@code bric.toml} says. An empty one, or none, says nothing.
 *
 * @param tools which programs are remembered one by one wherever a command starts them
 * @param remote what the table {@code remote} says, as options of the command line: {@code cache =
 *     "grpc://h:1"} is {@code --remote-cache=grpc://h:1}
 * @param sharedPath what {@code ninja.shared-path} says: whether edges see the workspace at the
 *     same path in every checkout
 */
public record Settings(Toolset tools, List<String> remote, boolean sharedPath) {
  /** Of a workspace that says nothing. */
  public static final Settings NONE = new Settings(Toolset.USUAL, List.of(), false);

  private static final int MOST_BYTES = 1 << 20;
  private static final String TOOLS = "tools";
  private static final String REMOTE = "remote";
  private static final String NINJA = "ninja";
  private static final String SHARED_PATH = "shared-path";
  private static final List<String> TABLES = List.of(NINJA, REMOTE, TOOLS);
  private static final List<String> NINJA_KEYS = List.of(SHARED_PATH);
  private static final List<String> TOOLS_KEYS = List.of("add", "never", "remove");
  private static final List<String> REMOTE_FILES = List.of("ca", "cert", "key");
  private static final List<String> REMOTE_BARE = List.of("download", "strategy");
  private static final List<String> REMOTE_KEYS =
      List.of(
          "ca",
          "cache",
          "cert",
          "compress",
          "download",
          "executor",
          "header",
          "instance",
          "key",
          "priority",
          "property",
          "retries",
          "strategy",
          "timeout",
          "upload");

  /**
   * Reads a {@code bric.toml}.
   *
   * @throws UserError naming line, column and the nearest valid key for what we do not know
   */
  public static Settings read(Path file) throws IOException {
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new UserError(file + " is larger than 1 MiB: no settings are so long");
      }
      text = Files.readString(file);
    } catch (NoSuchFileException gone) {
      return NONE;
    } catch (MalformedInputException e) {
      throw new UserError(file + " is not UTF-8, which TOML has to be");
    }
    return new Reader(file).of(Toml.parse(text));
  }

  /** One file's words. */
  private record Reader(Path file) {
    Settings of(TomlParseResult parsed) throws UserError {
      if (parsed.hasErrors()) {
        TomlParseError first = parsed.errors().getFirst();
        throw wrong(first.position(), String.valueOf(first.getMessage()));
      }
      known(parsed, "", TABLES);
      Optional<TomlTable> tools = table(parsed, TOOLS);
      Optional<TomlTable> remote = table(parsed, REMOTE);
      Optional<TomlTable> ninja = table(parsed, NINJA);
      return new Settings(
          tools.isPresent() ? toolset(tools.get()) : Toolset.USUAL,
          remote.isPresent() ? remote(remote.get()) : List.of(),
          ninja.isPresent() && sharedPath(ninja.get()));
    }

    private boolean sharedPath(TomlTable ninja) throws UserError {
      known(ninja, NINJA + ".", NINJA_KEYS);
      return switch (ninja.get(List.of(SHARED_PATH))) {
        case null -> false;
        case Boolean shared -> shared;
        default ->
            throw wrong(
                ninja.inputPositionOf(List.of(SHARED_PATH)),
                "ninja.shared-path must be true or false, without quotes");
      };
    }

    private Optional<TomlTable> table(TomlParseResult parsed, String name) throws UserError {
      return switch (parsed.get(List.of(name))) {
        case null -> Optional.empty();
        case TomlTable table -> Optional.of(table);
        default ->
            throw wrong(
                parsed.inputPositionOf(List.of(name)), name + " must be a table: [" + name + "]");
      };
    }

    private List<String> remote(TomlTable remote) throws UserError {
      known(remote, REMOTE + ".", REMOTE_KEYS);
      List<String> words = new ArrayList<>();
      for (String key : REMOTE_KEYS) {
        @Nullable Object value = remote.get(List.of(key));
        List<Object> values =
            value instanceof TomlArray many
                ? many.toList()
                : value == null ? List.of() : List.of(value);
        for (Object each : values) {
          words.add(option(key) + "=" + word(remote, key, each));
        }
      }
      return words;
    }

    /** Where things run and what comes home is asked without naming a server. */
    private static String option(String key) {
      return (REMOTE_BARE.contains(key) ? "--" : "--remote-") + key;
    }

    /** Files are named from where the settings lie. */
    private String word(TomlTable remote, String key, Object value) throws UserError {
      if (!(value instanceof String || value instanceof Long || value instanceof Boolean)) {
        throw wrong(
            remote.inputPositionOf(List.of(key)),
            "remote.%s must be a text, as on the command line: %s".formatted(key, option(key)));
      }
      return REMOTE_FILES.contains(key)
          ? file.resolveSibling(value.toString()).toString()
          : value.toString();
    }

    private Toolset toolset(TomlTable tools) throws UserError {
      known(tools, TOOLS + ".", TOOLS_KEYS);
      return Toolset.of(
          programs(tools, "add"), programs(tools, "remove"), programs(tools, "never"));
    }

    private void known(TomlTable table, String prefix, List<String> keys) throws UserError {
      for (String key : table.keySet()) {
        if (!keys.contains(key)) {
          throw wrong(
              table.inputPositionOf(List.of(key)),
              "no such key: %s; did you mean %s?"
                  .formatted(prefix + key, prefix + nearest(key, keys)));
        }
      }
    }

    private List<String> programs(TomlTable tools, String key) throws UserError {
      @Nullable Object listed = tools.get(List.of(key));
      if (listed == null) {
        return List.of();
      }
      if (!(listed instanceof TomlArray array)) {
        throw wrong(
            tools.inputPositionOf(List.of(key)),
            "tools." + key + " must be a list of programs: [\"mycc\", \"/opt/x/cc\"]");
      }
      List<String> programs = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        if (!(array.get(i) instanceof String program) || program.isEmpty()) {
          throw wrong(
              array.inputPositionOf(i),
              "tools." + key + " lists programs, and this is none: " + array.get(i));
        }
        programs.add(checked(program, array.inputPositionOf(i)));
      }
      return programs;
    }

    private String checked(String program, @Nullable TomlPosition at) throws UserError {
      boolean absolute = program.startsWith("/");
      if (!absolute && program.contains("/")) {
        throw wrong(
            at,
            "%s: a program is a name that PATH leads to, or an absolute path; one that lies in the"
                    .formatted(program)
                + " workspace cannot be caught");
      }
      if (absolute && program.contains("*")) {
        throw wrong(at, program + ": * stands in names only, not in paths");
      }
      return program;
    }

    private UserError wrong(@Nullable TomlPosition at, String what) {
      String place = at == null ? "" : ":" + at.line() + ":" + at.column();
      return new UserError(file + place + ": " + what);
    }
  }

  private static String nearest(String key, List<String> keys) {
    return keys.stream().min(Comparator.comparingInt(other -> distance(key, other))).orElseThrow();
  }

  /** Letters to put in, take out or replace (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
