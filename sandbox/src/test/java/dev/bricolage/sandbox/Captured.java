package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CountDownLatch;

/** Keeps a run's output: each stream by itself, and both in the order of arrival. */
final class Captured implements Console {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final StringBuilder both = new StringBuilder();
  final CountDownLatch something = new CountDownLatch(1);

  @Override
  public synchronized void stdout(byte[] bytes, int offset, int length) {
    out.write(bytes, offset, length);
    both.append(new String(bytes, offset, length, UTF_8));
    something.countDown();
  }

  @Override
  public synchronized void stderr(byte[] bytes, int offset, int length) {
    err.write(bytes, offset, length);
    both.append(new String(bytes, offset, length, UTF_8));
    something.countDown();
  }

  synchronized String out() {
    return out.toString(UTF_8);
  }

  synchronized String err() {
    return err.toString(UTF_8);
  }

  /** Both streams as they came. */
  synchronized String both() {
    return both.toString();
  }
}
