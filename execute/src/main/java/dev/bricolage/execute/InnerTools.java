package dev.bricolage.execute;

import dev.bricolage.action.Command;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which programs are remembered one by one wherever a build starts them: compilers, assemblers,
 * linkers, archivers and generators of code. What one of them starts itself is part of it: the
 * driver of a compiler is remembered, not its passes.
 */
final class InnerTools {
  /** Names, with what distributions put before (the target) and behind (the version). */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9_]+-[a-z0-9_]+-(?:[a-z0-9_]+-)?)?"
              + "(?:cc|c\\+\\+|gcc|g\\+\\+|cpp|clang|clang\\+\\+|gfortran|gnat|gdc"
              + "|as|ld|ld\\.bfd|ld\\.gold|ld\\.lld|ar|ranlib|gcc-ar|gcc-ranlib|strip|objcopy"
              + "|rustc|ghc|protoc|flex|bison|javac)"
              + "(?:-[0-9.]+)?");

  /** Where such programs are, besides the command's own PATH. */
  private static final List<String> FOLDERS = List.of("/usr/bin", "/usr/local/bin");

  private static final int ANY_EXECUTE = 0111;

  private InnerTools() {}

  /** The physical paths of those that this command can see. */
  static List<String> of(Command command, List<String> shown) throws IOException {
    Set<String> folders = new TreeSet<>(FOLDERS);
    folders.addAll(List.of(command.environment().getOrDefault("PATH", "").split(":")));
    Set<String> tools = new TreeSet<>();
    for (String folder : folders) {
      Path path = Path.of(folder);
      if (path.isAbsolute() && Files.isDirectory(path)) {
        addFrom(path, shown, tools);
      }
    }
    return List.copyOf(tools);
  }

  private static void addFrom(Path folder, List<String> shown, Set<String> tools)
      throws IOException {
    try (DirectoryStream<Path> names =
        Files.newDirectoryStream(
            folder, name -> NAME.matcher(name.getFileName().toString()).matches())) {
      for (Path name : names) {
        if (!Files.isRegularFile(name)) {
          continue;
        }
        String real = name.toRealPath().toString();
        int mode = (Integer) Files.getAttribute(Path.of(real), "unix:mode");
        if ((mode & ANY_EXECUTE) != 0
            && shown.stream().anyMatch(root -> real.startsWith(root + "/"))) {
          tools.add(real);
        }
      }
    }
  }
}
