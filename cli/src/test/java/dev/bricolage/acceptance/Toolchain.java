package dev.bricolage.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiler, its headers and libraries in a folder of their own beside the checkouts: what an
 * administrator may replace at any time. The compiler is a script before the machine's own.
 *
 * @param folder where it is, on the machine and inside
 */
record Toolchain(Path folder) {
  static Toolchain of(Installation bric) throws Exception {
    Toolchain chain = new Toolchain(bric.folder("toolchain"));
    for (String name : List.of("bin", "include", "lib")) {
      Files.createDirectory(chain.folder().resolve(name));
    }
    return chain.compiler("exec /usr/bin/cc \"$@\"");
  }

  /** Another file at the compiler's path. */
  Toolchain compiler(String script) throws Exception {
    Path fresh = Files.writeString(folder.resolve("bin/new"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(fresh, folder.resolve("bin/cc"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return settled();
  }

  Toolchain write(String path, String text) throws Exception {
    Files.writeString(folder.resolve(path), text);
    return settled();
  }

  Toolchain delete(String path) throws Exception {
    Files.delete(folder.resolve(path));
    return settled();
  }

  /** Makes {@code lib/libx.a} of this source. */
  Toolchain library(String source) throws Exception {
    Path work = Files.createTempDirectory("lib");
    Files.writeString(work.resolve("x.c"), source);
    Host.succeeds(work, "cc", "-c", "x.c");
    Host.succeeds(work, "ar", "rcD", folder.resolve("lib/libx.a").toString(), "x.o");
    dev.bricolage.cli.Bric.delete(work);
    return settled();
  }

  private Toolchain settled() throws IOException {
    Grain.passes();
    return this;
  }

  /** Options of {@code bric run} that put it before all others. */
  List<String> options() {
    return new ArrayList<>(
        List.of("--ro", folder.toString(), "-e", "PATH=" + folder + "/bin:/usr/bin:/bin"));
  }
}
