package dev.bricolage.store.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StillnessTest {
  @TempDir Path folder;
  private Path file;
  private Path absent;
  private Path link;

  @BeforeEach
  void lay() throws IOException {
    file = Files.writeString(folder.resolve("file"), "one");
    absent = folder.resolve("absent");
    link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));
    Files.writeString(folder.resolve("target"), "two");
  }

  private static long now() {
    return Instant.now().toEpochMilli() * 1_000_000L;
  }

  /** When clocks have gone on. */
  private Stillness still() throws IOException {
    while (true) {
      Optional<Stillness> still =
          Stillness.since(now(), List.of(folder, file, absent, link), List.of(link, file));
      if (still.isPresent()) {
        return still.get();
      }
      Thread.onSpinWait();
    }
  }

  /** What somebody may do. */
  enum Deed {
    SAME_SIZE {
      @Override
      void on(StillnessTest test) throws IOException {
        FileTime time = Files.getLastModifiedTime(test.file);
        Files.writeString(test.file, "eno");
        Files.setLastModifiedTime(test.file, time);
      }
    },
    MODE {
      @Override
      void on(StillnessTest test) throws IOException {
        Files.setPosixFilePermissions(test.file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    },
    REPLACED {
      @Override
      void on(StillnessTest test) throws IOException {
        Path other = Files.writeString(test.folder.resolve("other"), "one");
        Files.move(other, test.file, StandardCopyOption.REPLACE_EXISTING);
      }
    },
    DELETED {
      @Override
      void on(StillnessTest test) throws IOException {
        Files.delete(test.file);
      }
    },
    CAME_TO_BE {
      @Override
      void on(StillnessTest test) throws IOException {
        Files.createFile(test.absent);
      }
    },
    ANOTHER_NAME {
      @Override
      void on(StillnessTest test) throws IOException {
        Files.createFile(test.folder.resolve("neighbour"));
      }
    },
    TARGET {
      @Override
      void on(StillnessTest test) throws IOException {
        Files.writeString(test.folder.resolve("target"), "owt");
      }
    };

    abstract void on(StillnessTest test) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void everyDeedIsSeen(Deed deed) throws IOException {
    Stillness still = still();
    assertTrue(still.lasts());
    deed.on(this);
    assertFalse(still.lasts());
  }

  @Test
  void whatHasJustChangedIsNotStill() throws IOException {
    still();
    long since = now();
    Files.writeString(file, "new");
    assertTrue(Stillness.since(since, List.of(file), List.of()).isEmpty());
    assertTrue(Stillness.since(since - 1_000_000_000L, List.of(folder), List.of()).isEmpty());
  }

  @Test
  void whatIsFollowedMustBeThere() throws IOException {
    still();
    Files.delete(folder.resolve("target"));
    Stillness plain = Stillness.since(Long.MAX_VALUE, List.of(link), List.of()).orElseThrow();
    assertTrue(plain.lasts());
    assertTrue(Stillness.since(Long.MAX_VALUE, List.of(link), List.of(link)).isEmpty());
  }

  @Test
  void eachOfManyCounts() throws IOException {
    List<Path> many = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      many.add(folder.resolve("absent" + i));
    }
    Stillness still = Stillness.since(Long.MAX_VALUE, many, List.of()).orElseThrow();
    assertEquals(5_000, still.size());
    assertTrue(still.lasts());
    for (int i : new int[] {0, 2_047, 2_048, 4_999}) {
      Files.createFile(many.get(i));
      assertFalse(still.lasts());
      Files.delete(many.get(i));
      assertTrue(still.lasts());
    }
    assertTrue(Stillness.since(0, List.of(), List.of()).orElseThrow().lasts());
  }
}
