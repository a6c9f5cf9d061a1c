package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Projects that know nothing of us: Lua, zlib, one built with CMake, one with Meson, one by a
 * script with javac, one with cargo. What ran is told by the run's record, never by its time; what
 * was made is compared with what the same command makes without us.
 */
@Timeout(300)
final class ProjectsTest {
  /** How files begin that a build makes for good: ELF, archives, Java classes. */
  private static final List<String> MAGIC =
      List.of("\177ELF", "!<arch>\n", "\u00ca\u00fe\u00ba\u00be");

  private Installation bric;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  /**
   * A project and the ways to build it.
   *
   * @param pristine its sources, where nothing is ever built
   * @param path the folders of programs
   * @param build a shell's command for all of it, {@code -j2} where it can be told
   * @param again removes what it made and makes it once more
   * @param tellsWhere whether what it makes tells in which folder, so that a build without us makes
   *     something else than one at {@code /build}
   */
  private record Project(
      Checkout pristine, String path, String build, String again, boolean tellsWhere) {
    Answer build(Checkout checkout) throws Exception {
      return run(checkout, build);
    }

    Answer run(Checkout checkout, String command) throws Exception {
      return checkout.run(List.of("-e", "PATH=" + path, "-e", "CC=cc"), command).exits(0);
    }

    /** What is made of these sources where nothing is remembered. */
    Map<String, String> truth(Checkout checkout) throws Exception {
      return tellsWhere ? anew(checkout) : plainly(checkout);
    }

    private Map<String, String> anew(Checkout checkout) throws Exception {
      try (Installation other = Installation.ofCaller()) {
        Checkout there = other.checkout();
        Host.succeeds(checkout.root(), "cp", "-r", ".", there.root().toString());
        build(there).ran("first time");
        return products(there);
      }
    }

    private Map<String, String> plainly(Checkout checkout) throws Exception {
      ProcessBuilder plain =
          new ProcessBuilder("sh", "-c", build).directory(checkout.root().toFile());
      plain.environment().clear();
      plain.environment().putAll(Map.of("PATH", path, "CC", "cc", "LC_ALL", "C.UTF-8"));
      plain.environment().put("HOME", System.getProperty("java.io.tmpdir"));
      Bric.Outcome outcome = Bric.outcome(plain.start());
      assertEquals(0, outcome.status(), outcome::toString);
      return products(checkout);
    }

    /** All sources as they were; what was made stays. */
    void revert(Checkout checkout) throws Exception {
      Host.succeeds(pristine.root(), "cp", "-r", ".", checkout.root().toString());
    }
  }

  private Project debian(String name, String build, String again) throws Exception {
    Checkout sources = new SourcePackage(name).into(bric.checkout());
    return new Project(sources, "/usr/bin:/bin", build, again, false);
  }

  /** A first build, a fresh clone, twice in one command, with other numbers of jobs. */
  private static void isBuiltOnce(Project project) throws Exception {
    Checkout first = project.pristine().copy();
    Answer answer = project.build(first).ran("first time");
    ToolRuns.of(answer);
    assertEquals(
        ToolRuns.counter(answer, "inner.asked"),
        ToolRuns.counter(answer, "inner.ran") + ToolRuns.counter(answer, "inner.remembered"));
    Map<String, String> made = products(first);
    assertFalse(made.isEmpty());

    Checkout clone = project.pristine().copy();
    project.build(clone).isRemembered();
    assertEquals(made, products(clone));

    Checkout twice = project.pristine().copy();
    String again = project.build() + " && " + project.again();
    assertEquals(List.of(), ToolRuns.of(project.run(twice, again)).ran());
    assertEquals(made, products(twice));

    Checkout jobs = project.pristine().copy();
    for (String number : List.of("-j8", "-j1")) {
      String other = project.build().replace("-j2", number) + " && :";
      assertEquals(List.of(), ToolRuns.of(project.run(jobs, other)).ran());
    }
    assertEquals(made, products(jobs));
  }

  /** Just these tools run for this edit, none for its revert. */
  private static void edited(
      Project project, String file, String from, String to, List<String> tools) throws Exception {
    Checkout checkout = project.pristine().copy();
    Path path = checkout.root().resolve(file);
    String text = Files.readString(path, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from), file);
    int at = text.indexOf(from);
    String now = text.substring(0, at) + to + text.substring(at + from.length());
    Files.writeString(path, now, StandardCharsets.ISO_8859_1);
    Map<String, String> truth = project.truth(checkout.copy());
    assertEquals(tools, ToolRuns.of(project.build(checkout)).ran());
    assertEquals(truth, products(checkout));
    project.revert(checkout);
    project.build(checkout).isRemembered();
    project.revert(checkout);
    Files.writeString(path, now, StandardCharsets.ISO_8859_1);
    project.build(checkout).isRemembered();
    assertEquals(truth, products(checkout));
  }

  /** A comment at the end of a header: these compile, and what is made of their objects sleeps. */
  private static void commented(Project project, String header, List<String> tools)
      throws Exception {
    Checkout checkout = project.pristine().copy();
    project.build(checkout).isRemembered();
    Map<String, String> made = products(checkout);
    project.revert(checkout);
    Path path = checkout.root().resolve(header);
    Files.writeString(
        path,
        Files.readString(path, StandardCharsets.ISO_8859_1) + "/* a comment */\n",
        StandardCharsets.ISO_8859_1);
    assertEquals(tools, ToolRuns.of(project.build(checkout)).ran());
    assertEquals(made, products(checkout));
  }

  private static Map<String, String> products(Checkout checkout) throws IOException {
    Map<String, String> products = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(checkout.root())) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        String bytes = Files.readString(path, StandardCharsets.ISO_8859_1);
        if (MAGIC.stream().anyMatch(bytes::startsWith)
            && !path.toString().contains("/incremental/")) { // folders with random names
          products.put(checkout.root().relativize(path).toString(), Digests.of(bytes));
        }
      }
    }
    return products;
  }

  @Test
  void lua() throws Exception {
    Project lua = debian("lua5.4", "make -j2 linux", "make clean && make -j2 linux");
    isBuiltOnce(lua);
    edited(
        lua,
        "src/lcode.c",
        "/*\n",
        "int more = 1;\n/*\n",
        List.of("ar liblua.a", "gcc -c lcode.c", "gcc -o lua", "gcc -o luac", "ranlib liblua.a"));
    List<String> all;
    try (Stream<Path> files = Files.list(lua.pristine().root().resolve("src"))) {
      all =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".c"))
              .map(name -> "gcc -c " + name)
              .sorted()
              .toList();
    }
    commented(lua, "src/lua.h", all);
  }

  @Test
  void zlib() throws Exception {
    Project zlib = debian("zlib", "./configure && make -j2", "make clean && make -j2");
    isBuiltOnce(zlib);
    edited(
        zlib,
        "adler32.c",
        "#include \"zutil.h\"\n",
        "#include \"zutil.h\"\nint more = 1;\n",
        List.of(
            "ar libz.a",
            "cc -c adler32.c",
            "cc -c adler32.c",
            "cc -o example",
            "cc -o example64",
            "cc -o examplesh",
            "cc -o libz.so.1.2.13",
            "cc -o minigzip",
            "cc -o minigzip64",
            "cc -o minigzipsh",
            "ranlib libz.a"));
    commented(
        zlib,
        "zutil.h",
        List.of(
            "cc -c adler32.c",
            "cc -c adler32.c",
            "cc -c crc32.c",
            "cc -c crc32.c",
            "cc -c deflate.c",
            "cc -c deflate.c",
            "cc -c infback.c",
            "cc -c infback.c",
            "cc -c inffast.c",
            "cc -c inffast.c",
            "cc -c inflate.c",
            "cc -c inflate.c",
            "cc -c inftrees.c",
            "cc -c inftrees.c",
            "cc -c trees.c",
            "cc -c trees.c",
            "cc -c zutil.c",
            "cc -c zutil.c"));
  }

  /** What cmake asks the compiler has a random name each time; all else is remembered. */
  @Test
  void cmake() throws Exception {
    SourcePackage.needs("cmake", "ninja");
    Project cjson =
        debian(
            "cjson",
            "cmake -G Ninja -DENABLE_CJSON_UTILS=On -DENABLE_CJSON_TEST=Off -DCMAKE_SKIP_RPATH=On"
                + " -DCMAKE_BUILD_TYPE=Release -DENABLE_CUSTOM_COMPILER_FLAGS=Off -S . -B build && ninja -C build -j2",
            "ninja -C build clean && ninja -C build -j2");
    isBuiltOnce(cjson);
    edited(
        cjson,
        "cJSON.c",
        "#include \"cJSON.h\"\n",
        "#include \"cJSON.h\"\nint more = 1;\n",
        List.of("cc -c cJSON.c", "cc -o libcjson.so.1.7.15", "cc -o libcjson_utils.so.1.7.15"));
    commented(cjson, "cJSON.h", List.of("cc -c cJSON.c", "cc -c cJSON_Utils.c"));
  }

  @Test
  void meson() throws Exception {
    SourcePackage.needs("meson", "ninja");
    Project lz4 =
        debian(
            "lz4",
            "meson setup --buildtype=release -Dprograms=true build contrib/meson && ninja -C build -j2",
            "ninja -C build clean && ninja -C build -j2");
    isBuiltOnce(lz4);
    edited(
        lz4,
        "lib/xxhash.c",
        "#include \"xxhash.h\"\n",
        "#include \"xxhash.h\"\nint more = 1;\n",
        List.of(
            "cc -c xxhash.c", "cc -o liblz4.so.1.9.4", "cc -o lz4", "gcc-ar liblz4-internal.a"));
    commented(
        lz4,
        "lib/lz4.h",
        List.of(
            "cc -c bench.c",
            "cc -c lz4.c",
            "cc -c lz4cli.c",
            "cc -c lz4frame.c",
            "cc -c lz4hc.c",
            "cc -c lz4io.c"));
  }

  @Test
  void javac() throws Exception {
    Checkout sources = bric.checkout();
    for (int i = 1; i <= 24; i++) {
      sources.write(
          "core/p/C" + i + ".java",
          "package p;\npublic class C%d {\n  public int get() { return %s; }\n}\n"
              .formatted(i, i == 1 ? "1" : "new C" + (i - 1) + "().get() + 1"));
    }
    sources.write(
        "app/Main.java",
        """
        public class Main {
          public static void main(String[] words) {
            System.out.println(new p.C24().get());
          }
        }
        """);
    sources.write(
        "build.sh",
        "set -e\njavac -d out/core core/p/*.java\njavac -cp out/core -d out/app app/*.java\n");
    String home = System.getProperty("java.home");
    Project java =
        new Project(
            sources, home + "/bin:/usr/bin:/bin", "sh build.sh", "rm -r out && sh build.sh", false);
    isBuiltOnce(java);
    edited(java, "app/Main.java", "new p.C24", "1 + new p.C23", List.of("javac -d out/app"));
    edited(java, "core/p/C24.java", "+ 1", "+ 2", List.of("javac -d out/app", "javac -d out/core"));
    commented(java, "core/p/C7.java", List.of("javac -d out/core"));
  }

  @Test
  void cargo() throws Exception {
    SourcePackage.needs("cargo", "rustc");
    Checkout sources = bric.checkout();
    sources
        .write(
            "Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        .write("build.rs", "fn main() {\n    println!(\"cargo:rustc-env=MADE=1\");\n}\n")
        .write("src/add.rs", "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n")
        .write(
            "src/lib.rs", "pub mod add;\n\npub fn twice(x: i32) -> i32 {\n    add::add(x, x)\n}\n")
        .write("src/main.rs", "fn main() {\n    println!(\"{}\", small::twice(21));\n}\n");
    Project rust =
        new Project(
            sources,
            "/usr/bin:/bin",
            "cargo build --offline -j2",
            "cargo clean && cargo build --offline -j2",
            true);
    isBuiltOnce(rust);
    edited(rust, "src/main.rs", "21", "22", List.of("rustc small src/main.rs"));
    edited(
        rust,
        "src/add.rs",
        "a + b",
        "b + a + 1",
        List.of("rustc small src/lib.rs", "rustc small src/main.rs"));
  }
}
