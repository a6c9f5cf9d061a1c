package dev.bricolage.cli;

import dev.bricolage.cli.remote.RemoteWords;
import dev.bricolage.store.host.Stat;
import dev.bricolage.workspace.FileCache;
import dev.bricolage.workspace.Settings;
import dev.bricolage.workspace.UserError;
import dev.bricolage.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The houses of one store: one that is by itself, and one for each cache that is shared by it. */
final class Houses {
  private final House alone;
  private final Builder builder;
  private final Map<RemoteWords.Choice, House> shared = new LinkedHashMap<>();
  private final FileCache<Settings> settings = new FileCache<>(Settings::read);

  /** Builds a house. */
  interface Builder {
    /** With this cache behind its memory. */
    House build(RemoteWords.Choice choice) throws IOException;
  }

  Houses(House alone, Builder builder) {
    this.alone = alone;
    this.builder = builder;
  }

  /** The house that shares nothing. */
  House alone() {
    return alone;
  }

  /**
   * The house for a request: by what the workspace's settings say, and after them these words.
   *
   * @throws UserError when they are wrong
   */
  House of(Path directory, Map<String, String> users, List<String> words) throws IOException {
    Optional<Path> home =
        Optional.ofNullable(users.get("HOME")).filter(it -> !it.isEmpty()).map(Path::of);
    Path marker = Workspace.holding(directory.toRealPath(), home).root().resolve(Workspace.MARKER);
    Stat stat = Stat.following(marker);
    List<String> said =
        stat.isFile() && stat.size() > 0 ? settings.get(marker, stat).remote() : List.of();
    if (said.isEmpty() && words.isEmpty()) {
      return alone;
    }
    RemoteWords.of(marker.toString(), said); // so that an error names where it stands
    List<String> all = new ArrayList<>(said);
    all.addAll(words);
    Optional<RemoteWords.Choice> choice =
        RemoteWords.of("the options", all).choice(directory, home);
    return choice.isPresent() ? shared(choice.get()) : alone;
  }

  private synchronized House shared(RemoteWords.Choice choice) throws IOException {
    House known = shared.get(choice);
    if (known == null) {
      known = builder.build(choice);
      shared.put(choice, known);
    }
    return known;
  }

  /** Lets go of what all of them hold besides the store. */
  synchronized void close() {
    alone.close();
    shared.values().forEach(House::close);
  }

  /** Lets go of what they keep from run to run. */
  synchronized void release() {
    alone.executor().release();
    shared.values().forEach(house -> house.executor().release());
  }
}
