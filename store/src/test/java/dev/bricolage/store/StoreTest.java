package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private final List<String> warnings = new ArrayList<>();
  @TempDir Path folder;

  private Store open() {
    return Store.open(folder.resolve("home"), warnings::add);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void everythingOutlastsTheProcess() {
    Digest blob;
    try (Store store = open()) {
      blob = store.blobs().put(bytes("blob"));
      store.traces().update(edit -> edit.put(bytes("key"), bytes("node")));
      store.runs().append(bytes("run 1"));
      store
          .products()
          .record(
              "/work", Map.of(new TreePath("out/a.o"), Optional.of(new Entry.File(blob, false))));
    }
    try (Store store = open()) {
      assertArrayEquals(bytes("blob"), store.blobs().read(blob).orElseThrow());
      assertArrayEquals(bytes("node"), store.traces().get(bytes("key")).orElseThrow());
      assertEquals(2, store.runs().append(bytes("run 2")));
      assertEquals(List.of(2L, 1L), store.runs().newest(10).stream().map(Runs.Run::id).toList());
      assertEquals(
          Map.of(new TreePath("out/a.o"), new Entry.File(blob, false)),
          store.products().of("/work"));
      assertEquals(Map.of(), store.products().of("/other"));
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void aStoreOfANewerFormatIsRefused() throws IOException {
    open().close();
    Path home = folder.resolve("home").toRealPath();
    Files.writeString(home.resolve("format"), "bricolage store 2\n");
    var e = assertThrows(StoreException.class, this::open);
    assertEquals(
        "the store "
            + home
            + " has the format 'bricolage store 2', this bric knows 'bricolage store 1': use the"
            + " newer bric that made it, or set BRIC_HOME to another folder",
        e.getMessage());
  }

  @Test
  void aStoreIsOpenOnceInAProcess() {
    try (Store store = open()) {
      var e = assertThrows(IllegalStateException.class, this::open);
      assertEquals("the store is open in this process already: " + store.home(), e.getMessage());
    }
  }

  @Test
  void aChangeThatThrowsChangesNothing() {
    try (Store store = open()) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              store
                  .traces()
                  .update(edit -> {
                    edit.put(bytes("a"), bytes("1"));
                    throw new IllegalArgumentException("no");
                  }));
      assertEquals(Optional.empty(), store.traces().get(bytes("a")));
    }
  }

  @Test
  void aDatabaseOfGarbageIsMovedAside() throws IOException {
    try (Store store = open()) {
      store.traces().update(edit -> edit.put(bytes("key"), bytes("node")));
    }
    Path home = folder.resolve("home").toRealPath();
    Files.write(home.resolve("traces.lmdb"), new byte[20_000]);
    try (Store store = open()) {
      assertEquals(Optional.empty(), store.traces().get(bytes("key")));
      store.traces().update(edit -> edit.put(bytes("key"), bytes("new")));
    }
    assertEquals(
        List.of(
            "the store's database was damaged (head 0 is not one): moved to "
                + home.resolve("traces.lmdb.damaged")
                + ", what was remembered is forgotten"),
        warnings);
  }

  @Test
  void verifyFindsAndRemovesWhatIsDamaged() throws IOException {
    try (Store store = open()) {
      Digest good = store.blobs().put(bytes("good"));
      Digest bad = store.blobs().put(bytes("fine"));
      store.traces().update(edit -> edit.put(bytes("key"), bytes("node")));
      store.sync();
      Path file = store.home().resolve("blobs/" + bad.hex().substring(0, 2));
      Files.write(file.resolve(bad.hex().substring(2)), bytes("evil"));
      List<String> findings = new ArrayList<>();
      assertEquals(new StoreCheck.Report(2, 8, 1, 1, 0), store.verify(findings::add));
      assertEquals(
          List.of("blob " + bad.hex() + " of 4 bytes was damaged and is removed"), findings);
      assertEquals(new StoreCheck.Report(1, 4, 0, 1, 0), store.verify(findings::add));
      List<Digest> listed = new ArrayList<>();
      store.list(listed::add);
      assertEquals(List.of(good), listed);
      assertEquals(new StoreSize.Kind("blobs", 1, 4), store.size().kinds().get(0));
    }
  }

  @Test
  void theOldestRunsAreForgotten() {
    try (Store store = Store.memory()) {
      for (int i = 1; i <= Runs.KEPT + 250; i++) {
        assertEquals(i, store.runs().append(bytes("run " + i)));
      }
      List<Runs.Run> runs = store.runs().newest(Integer.MAX_VALUE);
      assertEquals(Runs.KEPT + 250, runs.get(0).id());
      assertEquals(201, runs.get(runs.size() - 1).id());
      assertArrayEquals(bytes("run 300"), store.runs().get(300).orElseThrow());
      assertEquals(Optional.empty(), store.runs().get(200));
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    var e =
        assertThrows(StoreException.class, () -> Store.open(file.resolve("home"), warnings::add));
    assertEquals(
        "cannot make the store's folder "
            + file.resolve("home")
            + ": Not a directory; set BRIC_HOME to a folder you may write to",
        e.getMessage());
  }

  @Test
  void aProductThatIsNoLongerOneIsForgotten() {
    try (Store store = open()) {
      TreePath path = new TreePath("a/" + "long/".repeat(700) + "b");
      store.products().record("/w", Map.of(path, Optional.of(new Entry.Link("../x"))));
      assertEquals(Optional.of(new Entry.Link("../x")), store.products().get("/w", path));
      store.sync();
      store.products().record("/w", Map.of(path, Optional.empty()));
      assertEquals(Map.of(), store.products().of("/w"));
    }
  }
}
