package dev.bricolage.manual;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.testkit.Page;
import dev.bricolage.testkit.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each page in a home of its own, with a store and a daemon of its own, and the examples in it. */
final class ManualTest {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder = Path.of("");

  private int played;

  @TestFactory
  Stream<DynamicTest> thePagesGoAsTheySay() throws IOException {
    List<Path> pages;
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("docs/manual"))) {
      pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
    assertTrue(pages.size() >= 9, "pages: " + pages);
    return Stream.concat(Stream.of(CHECKOUT.resolve("README.md")), pages.stream())
        .map(page -> DynamicTest.dynamicTest(String.valueOf(page.getFileName()), () -> play(page)));
  }

  private void play(Path file) throws IOException, InterruptedException {
    Page page = Page.read(file);
    Path root = folder.resolve(String.valueOf(++played)); // short, as sockets are made in it
    Stage stage = stage(root);
    copyExamples(stage.home().resolve("examples"));
    Files.createSymbolicLink(stage.home().resolve("bric"), program());
    try {
      stage.play(page);
    } finally {
      shutDown(stage);
      Files.delete(stage.home().resolve("bric"));
    }
  }

  private static Path program() {
    return Path.of(System.getProperty("bric.dist", "no dist")).resolve("bin/bric");
  }

  private static Stage stage(Path root) {
    return new Stage(
        root,
        List.of(program().resolveSibling(".").normalize()),
        Map.of(
            "BRIC_HOME", root.resolve("home/store").toString(),
            "JAVA_HOME", System.getProperty("java.home", "")));
  }

  /** As they are in a clone: without what somebody has built there. */
  private static void copyExamples(Path target) throws IOException {
    Path source = CHECKOUT.resolve("examples");
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes is)
              throws IOException {
            if (from.endsWith("build") || from.endsWith("target")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(target.resolve(source.relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes is) throws IOException {
            Files.copy(from, target.resolve(source.relativize(from)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void shutDown(Stage stage) throws InterruptedException {
    try {
      stage.play(Page.parse("the end", "```console\n$ bric shutdown --wait\n...\n```\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
