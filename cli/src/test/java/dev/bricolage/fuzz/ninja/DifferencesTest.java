package dev.bricolage.fuzz.ninja;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.fuzz.Workshop;
import dev.bricolage.testkit.Chunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we do otherwise than ninja has a name, an example that runs, and a line in the docs. */
final class DifferencesTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

  @SuppressWarnings("NullAway.Init") // opened before all
  private static Workshop workshop;

  private Path ninjas = Path.of("");
  private Path ours = Path.of("");
  private Path streams = Path.of("");
  private Map<String, String> variables = Map.of();

  @BeforeAll
  static void open() throws Exception {
    workshop = Workshop.open();
  }

  @AfterAll
  static void close() throws Exception {
    workshop.close();
  }

  static Stream<Difference> cases() throws IOException {
    return Chunk.read(DifferencesTest.class, "/dev/bricolage/fuzz/ninja/differences.ninja").stream()
        .map(Difference::of);
  }

  @Test
  void eachHasItsLineInTheDocs() throws IOException {
    String page = Files.readString(Path.of("../docs/design/ninja-differences.md"));
    assertEquals(
        new TreeSet<>(cases().map(Difference::name).toList()),
        new TreeSet<>(ROW.matcher(page).results().map(row -> row.group(1)).toList()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bothDoAsItSays(Difference difference) throws Exception {
    Path folder = workshop.newFolder();
    streams = folder;
    ninjas = Files.createDirectories(folder.resolve("ninja"));
    ours = Files.createDirectories(folder.resolve("ours"));
    for (Path place : List.of(ninjas, ours)) {
      Files.createFile(place.resolve("bric.toml"));
      for (Map.Entry<String, String> file : difference.files().entrySet()) {
        Files.createDirectories(place.resolve(file.getKey()).getParent());
        Files.writeString(place.resolve(file.getKey()), file.getValue());
      }
    }
    try (Service service = new Service(workshop, folder.resolve("home"), NinjaMutant.NONE)) {
      for (Difference.Step step : difference.steps()) {
        assertEquals(step.told(), told(step, service), step.script());
      }
    }
  }

  private List<String> told(Difference.Step step, Service service) throws Exception {
    Ticks.pass(streams);
    if (step.script().startsWith("V=")) {
      variables = Map.of("V", step.script().substring(2));
    } else {
      PlainNinja.shell(ninjas, step.script());
      PlainNinja.shell(ours, step.script());
    }
    Ticks.pass(streams);
    PlainNinja.Result plain = PlainNinja.run(ninjas, streams, List.of("-j1"), variables);
    Service.Built built = service.build(ours, List.of("-j1"), variables);
    List<String> told = new ArrayList<>();
    told.add(Difference.line("ninja", Service.told(plain.out()), Set.of()));
    told.add(Difference.line("bric", built.ran(), built.told()));
    if (plain.status() != 0 || built.status() != 0) {
      told.add("exit " + plain.status() + " " + built.status());
    }
    for (String line : step.told()) {
      if (line.startsWith("file ")) {
        String path = Difference.words(line).get(1);
        told.add("file %s %s | %s".formatted(path, content(ninjas, path), content(ours, path)));
      }
    }
    return told;
  }

  private static String content(Path folder, String path) throws IOException {
    Path file = folder.resolve(path);
    return Files.exists(file) ? Files.readString(file).strip() : "-";
  }
}
