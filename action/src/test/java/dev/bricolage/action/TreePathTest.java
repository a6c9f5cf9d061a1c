package dev.bricolage.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TreePathTest {
  @ParameterizedTest
  @CsvSource({
    "'/', ''",
    "'/a', ''",
    "'a/', ''",
    "'a//b', ''",
    "'.', '.'",
    "'..', '..'",
    "'./a', '.'",
    "'a/./b', '.'",
    "'a/..', '..'",
    "'../a', '..'",
    "'a/../../b', '..'",
  })
  void cannotLeadOutOfTheTree(String value, String part) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new TreePath(value));
    assertEquals(
        "not a path inside a tree: '" + value + "' (a part of it is '" + part + "')",
        refused.getMessage());
  }

  @Test
  void cannotHoldNul() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new TreePath("a/b\0c"));
    assertEquals(
        "not a path inside a tree: 'a/b\0c' (a part of it is 'b\0c')", refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a/\udc00", "x\ud83dy", "\ude00\ud83d"})
  void cannotHoldHalfASurrogatePair(String value) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new TreePath(value));
    assertEquals("not a path that UTF-8 can hold: '" + value + "'", refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"...", "..a", "a..", " ", "-", "\\", "a\nb", "*", "\ud83d\ude00", "~"})
  void oddNamesAreNames(String value) {
    assertEquals(value, new TreePath("dir").child(value).name());
  }

  @Test
  void knowsWhereItIs() {
    TreePath path = new TreePath("a/bc/d");
    assertEquals(new TreePath("a/bc"), path.parent());
    assertEquals("d", path.name());
    assertEquals(List.of("a", "bc", "d"), path.names());
    assertEquals(List.of(new TreePath("a"), new TreePath("a/bc")), path.ancestors());
    assertEquals(TreePath.ROOT, new TreePath("a").parent());
    assertEquals(TreePath.ROOT, TreePath.ROOT.parent());
    assertEquals("", TreePath.ROOT.name());
    assertEquals(List.of(), TreePath.ROOT.names());
    assertEquals(List.of(), TreePath.ROOT.ancestors());
    assertEquals(new TreePath("a"), TreePath.ROOT.child("a"));
    assertEquals(".", TreePath.ROOT.toString());
  }

  @Test
  void startsWithItselfAndWhatIsAbove() {
    TreePath path = new TreePath("a/bc");
    assertTrue(path.startsWith(path));
    assertTrue(path.startsWith(new TreePath("a")));
    assertTrue(path.startsWith(TreePath.ROOT));
    assertFalse(path.startsWith(new TreePath("a/b")));
    assertFalse(new TreePath("a").startsWith(path));
    assertFalse(TreePath.ROOT.startsWith(new TreePath("a")));
  }

  @Test
  void isOrderedByUtf8Bytes() {
    TreePath bmp = new TreePath("\uff5e");
    TreePath beyond = new TreePath("\ud83d\ude00");
    assertTrue(bmp.compareTo(beyond) < 0, "EF BD 9E comes before F0 9F 98 80");
    assertTrue(new TreePath("a").compareTo(bmp) < 0);
    assertTrue(new TreePath("a").compareTo(new TreePath("a/b")) < 0);
  }
}
