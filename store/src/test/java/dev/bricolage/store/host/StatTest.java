package dev.bricolage.store.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatTest {
  @TempDir Path folder;

  @Test
  void aFileAsTheJdkSeesIt() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[123]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    Files.createLink(folder.resolve("second"), file);
    Stat stat = Stat.of(file);
    assertEquals(Stat.Type.FILE, stat.type());
    assertEquals(0750, stat.mode());
    assertTrue(stat.executable());
    assertEquals(123, stat.size());
    assertEquals(2, stat.links());
    assertEquals(Files.getAttribute(file, "unix:ino"), stat.inode());
    assertEquals(nanos(file, "lastModifiedTime"), stat.mtime());
    assertEquals(nanos(file, "ctime"), stat.ctime());
    assertEquals(nanos(file, "lastAccessTime"), stat.atime());
    assertEquals(stat, Stat.of(file.toString()));
  }

  private static long nanos(Path file, String time) throws IOException {
    Instant instant = ((FileTime) Files.getAttribute(file, "unix:" + time)).toInstant();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  @Test
  void whatIsNotThereIsAbsent() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals(Stat.ABSENT, Stat.of(folder.resolve("none")));
    assertEquals(Stat.ABSENT, Stat.of(folder.resolve("none/deeper")));
    assertEquals(Stat.ABSENT, Stat.of(file.resolve("below a file")));
  }

  @Test
  void linksAreSeenThemselvesOrFollowed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));
    assertEquals(Stat.Type.SYMLINK, Stat.of(link).type());
    assertEquals(Stat.ABSENT, Stat.following(link));
    Files.createDirectory(folder.resolve("target"));
    assertEquals(Stat.Type.DIRECTORY, Stat.following(link).type());
    assertArrayEquals(
        "target".getBytes(StandardCharsets.UTF_8), HostFiles.readLink(HostFiles.bytes(link)));
  }

  @Test
  void aDeviceIsSomethingElse() throws IOException {
    assertEquals(Stat.Type.OTHER, Stat.of(Path.of("/dev/null")).type());
  }

  @Test
  void whatCannotBeAskedNamesThePath() throws IOException {
    String name = "x".repeat(256);
    Path tooLong = folder.resolve(name);
    var e = assertThrows(FileSystemException.class, () -> Stat.of(tooLong));
    assertEquals(tooLong + ": File name too long", e.getMessage());
    Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    assertThrows(FileSystemException.class, () -> Stat.of(folder.resolve("loop/x")));
  }

  @Test
  void aNameWithNulIsAMistake() {
    assertThrows(IllegalArgumentException.class, () -> Stat.of(new byte[] {'a', 0, 'b'}));
  }

  @Test
  void foldersListTheirNames() throws IOException {
    for (int i = 0; i < 3000; i++) {
      Files.createFile(folder.resolve("a file with a rather long name, number " + i));
    }
    Files.createDirectory(folder.resolve("d"));
    Files.createSymbolicLink(folder.resolve("l"), Path.of("d"));
    List<HostFiles.Name> names = HostFiles.list(HostFiles.bytes(folder));
    assertEquals(3002, names.size());
    List<HostFiles.Name> sorted =
        names.stream().sorted(Comparator.comparing(n -> n.text().orElseThrow())).toList();
    assertEquals(Optional.of("d"), sorted.get(3000).text());
    assertEquals(Stat.Type.DIRECTORY, sorted.get(3000).type());
    assertEquals(Stat.Type.SYMLINK, sorted.get(3001).type());
    assertEquals(Stat.Type.FILE, sorted.get(0).type());
  }

  @Test
  void namesThatAreNotUtf8AreKeptAsBytes() throws IOException {
    byte[] folderName = HostFiles.bytes(folder);
    byte[] path = java.util.Arrays.copyOf(folderName, folderName.length + 3);
    path[folderName.length] = '/';
    path[folderName.length + 1] = (byte) 0xff;
    path[folderName.length + 2] = 'x';
    HostFile.create(path, 0600).close();
    HostFiles.Name name = HostFiles.list(folderName).get(0);
    assertArrayEquals(new byte[] {(byte) 0xff, 'x'}, name.bytes());
    assertEquals(Optional.empty(), name.text());
    assertEquals(Stat.Type.FILE, Stat.of(path).type());
    HostFiles.unlink(path);
  }

  @Test
  void locksKeepOthersOutUntilTheyAreLetGo() throws IOException {
    byte[] lock = HostFiles.bytes(folder.resolve("lock"));
    try (FileLock first = FileLock.take(lock)) {
      assertTrue(first.stillNamed());
      assertTrue(FileLock.tryTake(lock).isEmpty());
    }
    try (FileLock second = FileLock.tryTake(lock).orElseThrow()) {
      assertTrue(second.stillNamed());
    }
  }

  @Test
  void spreadingAFolderIsKnownToItsFileSystemOrPassedOver() throws Exception {
    if (HostFiles.spread(HostFiles.bytes(folder))) {
      Process lsattr = new ProcessBuilder("lsattr", "-d", folder.toString()).start();
      String flags = new String(lsattr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(lsattr.waitFor() != 0 || flags.split(" ", 2)[0].contains("T"), flags);
    }
  }
}
