package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes a run's console output on as it comes, and keeps it: each stream's bytes, and in which
 * order they came. What is long goes to a file.
 */
final class Transcript implements Console, AutoCloseable {
  private static final int IN_MEMORY = 1 << 20;

  private final Console next;
  private final Spool out;
  private final Spool err;
  private final List<Outcome.Span> spans = new ArrayList<>();

  Transcript(Path folder, Console next) {
    this.next = next;
    this.out = new Spool(folder.resolve("stdout"));
    this.err = new Spool(folder.resolve("stderr"));
  }

  @Override
  public void stdout(byte[] bytes, int offset, int length) {
    out.write(bytes, offset, length);
    note(false, length);
    next.stdout(bytes, offset, length);
  }

  @Override
  public void stderr(byte[] bytes, int offset, int length) {
    err.write(bytes, offset, length);
    note(true, length);
    next.stderr(bytes, offset, length);
  }

  private void note(boolean stderr, int length) {
    int last = spans.size() - 1;
    if (last >= 0 && spans.get(last).stderr() == stderr) {
      spans.set(last, new Outcome.Span(stderr, spans.get(last).length() + length));
    } else if (length > 0) {
      spans.add(new Outcome.Span(stderr, length));
    }
  }

  List<Outcome.Span> spans() {
    return spans;
  }

  Digest stdout(Blobs blobs) throws IOException {
    return out.put(blobs);
  }

  Digest stderr(Blobs blobs) throws IOException {
    return err.put(blobs);
  }

  @Override
  public void close() throws IOException {
    out.close();
    err.close();
  }

  /** Bytes that move to a file when they become many. */
  private static final class Spool implements AutoCloseable {
    private final Path file;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<OutputStream> spilled = Optional.empty();

    Spool(Path file) {
      this.file = file;
    }

    void write(byte[] bytes, int offset, int length) {
      try {
        if (spilled.isEmpty() && memory.size() + length > IN_MEMORY) {
          OutputStream opened = Files.newOutputStream(file);
          spilled = Optional.of(opened);
          memory.writeTo(opened);
          memory.reset();
        }
        spilled.orElse(memory).write(bytes, offset, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Digest put(Blobs blobs) throws IOException {
      if (spilled.isEmpty()) {
        return blobs.put(memory.toByteArray());
      }
      close();
      return blobs.put(file);
    }

    @Override
    public void close() throws IOException {
      if (spilled.isPresent()) {
        spilled.get().close();
      }
    }
  }
}
