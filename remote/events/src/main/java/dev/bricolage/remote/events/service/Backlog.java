package dev.bricolage.remote.events.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Events that are not acknowledged yet, numbered from 1. Up to some size they are in memory, beyond
 * it in a file without a name, which is gone with the process however that ends.
 */
final class Backlog implements AutoCloseable {
  private final long mostInMemory;
  private final Path folder;
  private final Map<Long, Place> places = new HashMap<>();
  private Optional<FileChannel> file = Optional.empty();
  private long fileEnd;
  private long inMemory;
  private long first = 1;
  private long last;

  /** Where an event is. */
  private sealed interface Place {
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Memory(byte[] bytes) implements Place {}

    record Disk(long at, int length) implements Place {}
  }

  /**
   * An empty one.
   *
   * @param mostInMemory bytes
   * @param folder where the file is made when it is needed
   */
  Backlog(long mostInMemory, Path folder) {
    this.mostInMemory = mostInMemory;
    this.folder = folder;
  }

  /**
   * Another event.
   *
   * @throws IOException when it fits neither here nor there
   */
  synchronized void add(byte[] event) throws IOException {
    Place place = inMemory + event.length <= mostInMemory ? memory(event) : disk(event);
    places.put(++last, place);
  }

  private Place memory(byte[] event) {
    inMemory += event.length;
    return new Place.Memory(event);
  }

  private Place disk(byte[] event) throws IOException {
    FileChannel channel = file();
    ByteBuffer rest = ByteBuffer.wrap(event);
    long at = fileEnd;
    while (rest.hasRemaining()) {
      channel.write(rest, at + rest.position());
    }
    fileEnd += event.length;
    return new Place.Disk(at, event.length);
  }

  private FileChannel file() throws IOException {
    if (file.isEmpty()) {
      Path path = Files.createTempFile(folder, "events", "");
      file = Optional.of(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
      Files.delete(path);
    }
    return file.get();
  }

  /** An event that is not acknowledged; empty for one that is, or has not come yet. */
  synchronized Optional<byte[]> get(long number) throws IOException {
    Place place = places.get(number);
    return switch (place) {
      case null -> Optional.empty();
      case Place.Memory(byte[] bytes) -> Optional.of(bytes);
      case Place.Disk(long at, int length) -> Optional.of(read(at, length));
    };
  }

  private byte[] read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file().read(bytes, at + bytes.position()) < 0) {
        throw new IOException("events that wait to be sent are shorter on the disk than they were");
      }
    }
    return bytes.array();
  }

  /**
   * An event has arrived, whether those before it have or not.
   *
   * @return whether that is news
   */
  synchronized boolean acknowledged(long number) {
    Place place = places.remove(number);
    if (place == null) {
      return false;
    }
    if (place instanceof Place.Memory(byte[] bytes)) {
      inMemory -= bytes.length;
    }
    while (first <= last && !places.containsKey(first)) {
      first++;
    }
    return true;
  }

  /** The number of the first that is not acknowledged, or that the next will have. */
  synchronized long first() {
    return first;
  }

  /** The number of the last that came. */
  synchronized long last() {
    return last;
  }

  /** How many are not acknowledged. */
  synchronized int size() {
    return places.size();
  }

  /** How many bytes went to the disk. */
  synchronized long spilled() {
    return fileEnd;
  }

  @Override
  public synchronized void close() throws IOException {
    places.clear();
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
