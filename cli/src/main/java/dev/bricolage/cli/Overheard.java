package dev.bricolage.cli;

import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Listener;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Supplier;

/** A stream to the client, of which whoever listens to the request hears. */
final class Overheard extends OutputStream {
  private final OutputStream out;
  private final boolean stderr;
  private final Supplier<Listener> listener;

  Overheard(OutputStream out, boolean stderr, Supplier<Listener> listener) {
    this.out = out;
    this.stderr = stderr;
    this.listener = listener;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    Listener now = listener.get();
    if (!now.equals(Listener.NOBODY)) {
      now.hear(new Event.Printed(stderr, Arrays.copyOfRange(bytes, from, from + length)));
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
