package dev.bricolage.fronts.reapi.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** What a command has written so far, or the beginning of it, while it goes on writing. */
public final class Tail {
  /** Whoever looks on is not in want of more; the result has all. */
  private static final int MOST_BYTES = 1 << 20;

  private final String tenant;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean ended;

  /** Nothing yet, of this tenant's command. */
  Tail(String tenant) {
    this.tenant = tenant;
  }

  /** Who may look on. */
  public String tenant() {
    return tenant;
  }

  /** It writes this. */
  public synchronized void write(byte[] from, int offset, int length) {
    if (!ended) {
      bytes.write(from, offset, Math.min(length, MOST_BYTES - bytes.size()));
      ended = bytes.size() == MOST_BYTES;
      notifyAll();
    }
  }

  /** It writes no more. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** What follows the first {@code heard} bytes, when there is some; none at its end. */
  public synchronized byte[] after(int heard) throws InterruptedException {
    while (bytes.size() <= heard && !ended) {
      wait();
    }
    byte[] all = bytes.toByteArray();
    return Arrays.copyOfRange(all, Math.min(heard, all.length), all.length);
  }
}
