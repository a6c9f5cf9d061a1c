package dev.bricolage.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every link of the documents to a file here, or to a heading in one, leads somewhere. */
final class LinksTest {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<Path> pages = pages();
    assertTrue(pages.size() >= 15, "pages: " + pages);
    assertEquals(List.of(), broken(pages));
  }

  @Test
  void aBrokenLinkIsFound(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(
        page, "# A `b` c\n[x](nowhere.md) [y](#nothing) [z](#a-b-c) [w](https://example.org)\n");
    assertEquals(
        List.of("page.md: nowhere.md is not there", "page.md: no heading #nothing in page.md"),
        broken(List.of(page)));
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String name : List.of("README", "ARCHITECTURE", "HACKING", "CHANGELOG")) {
      pages.add(CHECKOUT.resolve(name + ".md"));
    }
    try (Stream<Path> files = Files.walk(CHECKOUT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static List<String> broken(List<Path> pages) throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!link.group(1).contains("://")) {
          check(page, link, broken);
        }
      }
    }
    return broken;
  }

  private static void check(Path page, Matcher link, List<String> broken) throws IOException {
    Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
    if (!Files.exists(target)) {
      broken.add(page.getFileName() + ": " + link.group(1) + " is not there");
    } else if (link.group(2) != null && !headings(target).contains(link.group(2))) {
      broken.add(
          page.getFileName() + ": no heading #" + link.group(2) + " in " + target.getFileName());
    }
  }

  /** The names that GitHub gives headings. */
  private static List<String> headings(Path page) throws IOException {
    return HEADING
        .matcher(Files.readString(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
