package dev.bricolage.workspace;

import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.jspecify.annotations.Nullable;

/** Ignore rules as git writes them, from files that hold them. */
final class IgnoreRules {
  private static final IgnoreNode NONE = new IgnoreNode();

  private final FileCache<IgnoreNode> files = new FileCache<>(IgnoreRules::parse);

  /** What a rule says of a path. */
  enum Verdict {
    IGNORED,
    INCLUDED,
    SILENT;

    static Verdict of(@Nullable Boolean ignored) {
      return ignored == null ? SILENT : ignored ? IGNORED : INCLUDED;
    }

    /** This, or what was said before where this says nothing. */
    Verdict or(Verdict before) {
      return this == SILENT ? before : this;
    }
  }

  /** The rules in a file; none when it is not there. */
  IgnoreNode in(Path file) throws IOException {
    Stat stat = Stat.following(file);
    return stat.isFile() ? files.get(file, stat) : NONE;
  }

  private static IgnoreNode parse(Path file) throws IOException {
    IgnoreNode node = new IgnoreNode();
    try (InputStream in = Files.newInputStream(file)) {
      node.parse(in);
    } catch (NoSuchFileException vanished) {
      return NONE;
    }
    return node;
  }

  static Verdict verdict(IgnoreNode node, String path, boolean folder) {
    return node == NONE ? Verdict.SILENT : Verdict.of(node.checkIgnored(path, folder));
  }
}
