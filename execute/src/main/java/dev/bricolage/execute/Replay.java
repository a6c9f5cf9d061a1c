package dev.bricolage.execute;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.DamagedBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a command wrote when it ran, written again: both streams, in the order they had. */
public final class Replay {
  private static final int VERIFIED_IN_MEMORY = 1 << 20;
  private static final int CHUNK = 64 * 1024;

  private final Outcome outcome;
  private final Blobs blobs;

  /** Of this outcome, whose streams are these blobs'. */
  public Replay(Outcome outcome, Blobs blobs) {
    this.outcome = outcome;
    this.blobs = blobs;
  }

  /**
   * Writes it all.
   *
   * @throws MissingBlob when a stream is lost; nothing was written then
   */
  public void to(Console console) throws IOException {
    after(0, 0, console);
  }

  /**
   * Writes what follows these many bytes of the two streams, which were heard already.
   *
   * @throws MissingBlob when a stream is lost; nothing was written then
   */
  public void after(long stdoutHeard, long stderrHeard, Console console) throws IOException {
    try (InputStream stdout = opened(outcome.stdout());
        InputStream stderr = opened(outcome.stderr())) {
      Stream out = new Stream(stdout, stdoutHeard, console::stdout);
      Stream err = new Stream(stderr, stderrHeard, console::stderr);
      for (Outcome.Span span : outcome.console()) {
        (span.stderr() ? err : out).write(span.length());
      }
      out.write(outcome.stdout().size() - out.at); // who does not tell the order
      err.write(outcome.stderr().size() - err.at);
    }
  }

  /** Takes some bytes. */
  private interface Sink {
    void take(byte[] bytes, int offset, int length);
  }

  /** One of the two, read to its end bit by bit. */
  private static final class Stream {
    private final InputStream from;
    private final long heard;
    private final Sink sink;
    private final byte[] chunk = new byte[CHUNK];
    private long at;

    Stream(InputStream from, long heard, Sink sink) {
      this.from = from;
      this.heard = heard;
      this.sink = sink;
    }

    void write(long length) throws IOException {
      for (long rest = length; rest > 0; ) {
        int read = from.readNBytes(chunk, 0, (int) Math.min(chunk.length, rest));
        if (read == 0) {
          throw new IOException("what the command wrote is shorter in the store than it was");
        }
        int skipped = Math.clamp(heard - at, 0, read);
        if (skipped < read) {
          sink.take(chunk, skipped, read - skipped);
        }
        at += read;
        rest -= read;
      }
    }
  }

  /** A stream that was read once already, so that what is damaged is known before it is shown. */
  private InputStream opened(Digest digest) throws IOException {
    if (digest.size() <= VERIFIED_IN_MEMORY) {
      return new ByteArrayInputStream(
          blobs.read(digest).orElseThrow(() -> new MissingBlob(digest)));
    }
    try (InputStream first = stream(digest)) {
      first.transferTo(OutputStream.nullOutputStream());
    } catch (DamagedBlob e) {
      throw new MissingBlob(digest);
    }
    return stream(digest);
  }

  private InputStream stream(Digest digest) throws IOException {
    return blobs.open(digest).orElseThrow(() -> new MissingBlob(digest));
  }
}
