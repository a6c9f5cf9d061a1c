package dev.bricolage.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.bricolage.action.PathFact;
import dev.bricolage.action.PathFact.Answer;
import dev.bricolage.action.PathFact.Kind;
import dev.bricolage.action.Tree;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two checkouts' views are the same but for what is at the checkouts' own paths. */
final class AroundTest {
  private static PathView view(String alias) {
    return new PathView(
        "/build",
        new TreeFacts(Tree.EMPTY, "/build"),
        List.of("/usr"),
        fact -> Answer.OTHER,
        Around.with(Optional.of(alias).filter(path -> !path.isEmpty()), "/build"));
  }

  private static Answer answer(String alias, Kind kind, String path) throws Exception {
    return view(alias).answer(new PathFact(kind, path));
  }

  @Test
  void theCheckoutIsALinkAndWhatIsAboveItAreFolders() throws Exception {
    for (Kind kind : Kind.values()) {
      assertEquals(Answer.link("/build"), answer("/home/a/proj", kind, "/home/a/proj"));
    }
    assertEquals(Answer.FOLDER, answer("/home/a/proj", Kind.STAT, "/home/a"));
    assertEquals(Answer.ABSENT, answer("/home/a/proj", Kind.STAT, "/home/a/pro"));
    assertEquals(Answer.ABSENT, answer("/home/a/proj", Kind.STAT, "/home/a/proj/x"));
    assertEquals(Answer.ABSENT, answer("/home/b/proj", Kind.STAT, "/home/a/proj"));
    assertEquals(Answer.ABSENT, answer("", Kind.STAT, "/home/a/proj"));
    assertEquals(Answer.FOLDER, answer("/home/a/proj", Kind.STAT, "/build"));
    assertEquals(Answer.OTHER, answer("/home/a/proj", Kind.STAT, "/usr/x"));
  }

  @Test
  void listingsTellOfIt() throws Exception {
    for (String folder : List.of("/", "/home", "/home/a")) {
      assertNotEquals(Answer.ABSENT, answer("/home/a/proj", Kind.LIST, folder));
      assertEquals(Answer.ABSENT, answer("", Kind.LIST, folder));
    }
    assertNotEquals(
        answer("/home/a/proj", Kind.LIST, "/home/a"),
        answer("/home/a/other", Kind.LIST, "/home/a"));
    assertNotEquals(
        answer("/home/a/proj", Kind.LIST, "/home/a"),
        answer("/home/a/proj/below", Kind.LIST, "/home/a"));
  }

  /** What is there anyway must not keep checkouts in different places apart. */
  @Test
  void whatIsTheSameInAllIsNoQuestion() throws Exception {
    for (String path : List.of("/", "/home", "/home/bric", "/tmp", "/var", "/proc/self", "/run")) {
      assertEquals(false, view("/home/a/proj").shows(new PathFact(Kind.STAT, path)), path);
    }
    for (String path : List.of("/home/a", "/tmp/x", "/home/bric/x", "/srv", "/build", "/usr")) {
      assertEquals(true, view("/home/a/proj").shows(new PathFact(Kind.STAT, path)), path);
    }
    for (String path : List.of("/", "/home", "/tmp")) {
      assertEquals(true, view("/home/a/proj").shows(new PathFact(Kind.LIST, path)), path);
    }
  }

  @Test
  void commandsWithoutAnAliasAskNothingOfIt() throws Exception {
    PathView view =
        new PathView(
            "/build",
            new TreeFacts(Tree.EMPTY, "/build"),
            List.of("/usr"),
            fact -> Answer.OTHER,
            Around.NOTHING);
    assertEquals(false, view.shows(new PathFact(Kind.STAT, "/home/a/proj")));
    assertEquals(Answer.ABSENT, view.answer(new PathFact(Kind.STAT, "/home/a/proj")));
  }
}
