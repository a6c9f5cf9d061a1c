package dev.bricolage.fronts.ninja.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.fronts.ninja.manifest.Choices;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.mount.Mount;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.View;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StandingsTest {
  private static final Digest BELOW = Settled.stamp(List.of());

  private final Map<String, String> world = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final View view =
      questions -> {
        questions.forEach(question -> asked.add(question.subject()));
        return questions.stream().map(q -> world.getOrDefault(q.subject(), "absent")).toList();
      };

  private static Step step(String subject, String answer) {
    return new Step(new Question("content", subject), answer);
  }

  private static BitSet bits(Ints numbers) {
    BitSet bits = new BitSet();
    numbers.stream().forEach(bits::set);
    return bits;
  }

  private static Manifest manifest() throws Exception {
    byte[] text = "build all: phony\n".getBytes(StandardCharsets.UTF_8);
    return Manifest.read("build.ninja", path -> Optional.of(text), Choices.USUAL, warning -> {});
  }

  private static Standings.Place place(String folder, Map<String, String> environment) {
    return new Standings.Place(Path.of(folder), Mount.own(Path.of("/ws")), environment, false);
  }

  @Test
  void groundsAreHeldOnceAndHoldOrNot() throws Exception {
    Grounds grounds = new Grounds();
    Ints one = grounds.number(List.of(step("/a", "1"), step("/b", "2")));
    Ints other = grounds.number(List.of(step("/b", "2"), step("/b", "3")));
    assertEquals(Ints.of(0, 1), one);
    assertEquals(Ints.of(1, 2), other);
    assertEquals(3, grounds.size());
    world.putAll(Map.of("/a", "1", "/b", "2"));
    assertTrue(grounds.hold(bits(one), view));
    assertFalse(grounds.hold(bits(other), view));
    BitSet all = bits(Ints.of(0, 1, 2));
    assertEquals(bits(one), grounds.holding(all, view));
    world.put("/b", "3");
    assertEquals(bits(Ints.of(0, 2)), grounds.holding(all, view));
  }

  @Test
  void onlyWhatIsAskedForIsLookedAt() throws Exception {
    Grounds grounds = new Grounds();
    Ints one = grounds.number(List.of(step("/a", "1"), step("/b", "2")));
    grounds.number(List.of(step("/c", "3")));
    grounds.hold(bits(one), view);
    assertEquals(List.of("/a", "/b"), asked);
  }

  @Test
  void stampsTellWhatWasMadeAndWhatLiesBelow() {
    TreeMap<TreePath, Entry> file =
        new TreeMap<>(Map.of(new TreePath("o"), new Entry.File(Digest.of("x"), false)));
    TreeMap<TreePath, Entry> executable =
        new TreeMap<>(Map.of(new TreePath("o"), new Entry.File(Digest.of("x"), true)));
    Settled settled = new Settled(Ints.of(1), BELOW, new Made(file, List.of()), List.of());
    Settled again = new Settled(Ints.of(2), BELOW, new Made(file, List.of()), List.of(7));
    assertEquals(settled.stamp(), again.stamp());
    for (Settled different :
        List.of(
            new Settled(Ints.of(1), BELOW, new Made(executable, List.of()), List.of()),
            new Settled(Ints.of(1), settled.stamp(), new Made(file, List.of()), List.of()),
            new Settled(
                Ints.of(1), BELOW, new Made(file, List.of(new TreePath("p"))), List.of()))) {
      assertNotEquals(settled.stamp(), different.stamp(), different::toString);
    }
  }

  @Test
  void anotherReadingAnotherEnvironmentAnotherFolderKnowNothing() throws Exception {
    Manifest manifest = manifest();
    Standings standings = new Standings();
    Standing standing = Standing.nothing(manifest);
    Standings.Place here = place("/here", Map.of("A", "1"));
    standings.put(here, standing);
    assertSame(standing, standings.of(here, manifest));
    assertNotSame(standing, standings.of(here, manifest()));
    assertNotSame(standing, standings.of(place("/here", Map.of("A", "2")), manifest));
    assertNotSame(standing, standings.of(place("/there", Map.of("A", "1")), manifest));
  }

  @Test
  void theFoldersBuiltLastAreKept() throws Exception {
    Manifest manifest = manifest();
    Standings standings = new Standings();
    Map<Integer, Standing> put = new HashMap<>();
    for (int folder = 0; folder < 9; folder++) {
      put.put(folder, Standing.nothing(manifest));
      standings.put(place("/" + folder, Map.of()), put.get(folder));
    }
    assertNotSame(put.get(0), standings.of(place("/0", Map.of()), manifest));
    for (int folder = 1; folder < 9; folder++) {
      assertSame(put.get(folder), standings.of(place("/" + folder, Map.of()), manifest));
    }
  }
}
