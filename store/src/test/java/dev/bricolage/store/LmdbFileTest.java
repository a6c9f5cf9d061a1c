package dev.bricolage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged database is found before it is mapped, and what is missed gives no wrong row. */
class LmdbFileTest {
  private static final int ROWS = 3_000;
  private static final int PAGE = 4096;

  private final List<String> warnings = new ArrayList<>();
  @TempDir Path folder;
  private Home home;
  private Path file;
  private byte[] sound = new byte[0];

  @BeforeEach
  void fill() throws IOException {
    home = Home.at(folder.resolve("home"));
    home.prepare();
    file = Lmdb.file(home);
    try (Lmdb lmdb = new Lmdb(home, Optional.empty(), warnings::add)) {
      for (int part = 0; part < 3; part++) {
        List<Rows.Change> changes = new ArrayList<>();
        for (int i = part; i < ROWS; i += 2) {
          changes.add(new Rows.Change(Table.NODES, key(i), Optional.of(value(i))));
        }
        lmdb.apply(changes);
      }
    }
    sound = Files.readAllBytes(file);
  }

  private static byte[] key(int i) {
    return ("key " + i).getBytes(UTF_8);
  }

  private static byte[] value(int i) {
    byte[] value = new byte[i % 500 == 0 ? 20_000 : i % 300];
    new Random(i).nextBytes(value);
    return value;
  }

  @Test
  void aSoundFileIsSound() throws IOException {
    assertEquals(Optional.empty(), LmdbFile.damage(file, true));
  }

  @Test
  void noFileAndAnEmptyOneAreSound() throws IOException {
    assertEquals(Optional.empty(), LmdbFile.damage(folder.resolve("none"), true));
    Files.write(file, new byte[0]);
    assertEquals(Optional.empty(), LmdbFile.damage(file, true));
  }

  @Test
  void garbageIsNot() throws IOException {
    byte[] garbage = new byte[50_000];
    new Random(1).nextBytes(garbage);
    Files.write(file, garbage);
    assertEquals(Optional.of("head 0 is not one"), LmdbFile.damage(file, false));
  }

  @Test
  void aTruncatedFileIsFoundWithoutBeingAskedToLookClosely() throws IOException {
    Files.write(file, Arrays.copyOf(sound, sound.length / 2));
    assertTrue(LmdbFile.damage(file, false).orElseThrow().contains("beyond the file's"));
    Files.write(file, Arrays.copyOf(sound, 100));
    assertEquals(Optional.of("the file ends at 100"), LmdbFile.damage(file, false));
  }

  /** Cuts at random places; the file is opened whatever was found, and asked for all rows. */
  @Test
  void noCutGivesAWrongRow() throws IOException {
    Random random = new Random(2);
    for (int i = 0; i < 30; i++) {
      Files.write(file, Arrays.copyOf(sound, random.nextInt(sound.length)));
      readAll("cut " + i);
    }
  }

  /** Pages that never reached the disk: zeros, or what was there before. */
  @Test
  void noLostPageGivesAWrongRow() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 30; i++) {
      byte[] damaged = sound.clone();
      int pages = sound.length / PAGE;
      for (int k = random.nextInt(4); k >= 0; k--) {
        int to = random.nextInt(pages) * PAGE;
        if (random.nextBoolean()) {
          Arrays.fill(damaged, to, to + PAGE, (byte) 0);
        } else {
          System.arraycopy(sound, random.nextInt(pages) * PAGE, damaged, to, PAGE);
        }
      }
      Files.write(file, damaged);
      readAll("pages " + i);
    }
    assertFalse(warnings.isEmpty(), "losing pages without anybody noticing is no test");
  }

  @Test
  void noFlippedBitGivesAWrongRow() throws IOException {
    Random random = new Random(4);
    for (int i = 0; i < 150; i++) {
      Files.write(file, sound);
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        int at = random.nextInt(sound.length);
        open.seek(at);
        open.write(sound[at] ^ (1 << random.nextInt(8)));
      }
      readAll("flip " + i);
    }
  }

  private void readAll(String what) throws IOException {
    Optional<String> damage = LmdbFile.damage(file, true);
    try (Lmdb lmdb = new Lmdb(home, damage, warnings::add)) {
      int wrong = 0;
      for (int i = 0; i < ROWS; i++) {
        Optional<byte[]> found = lmdb.get(Table.NODES, key(i));
        wrong += found.isPresent() && !Arrays.equals(value(i), found.get()) ? 1 : 0;
      }
      assertEquals(0, wrong, what);
      lmdb.apply(List.of(new Rows.Change(Table.META, key(1), Optional.of(key(2)))));
    }
    Files.deleteIfExists(home.path("traces.lmdb-lock"));
  }
}
