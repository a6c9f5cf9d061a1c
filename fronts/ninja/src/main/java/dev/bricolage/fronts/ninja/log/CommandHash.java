package dev.bricolage.fronts.ninja.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What ninja's log keeps of a command: MurmurHash64A (Austin Appleby) with ninja's seed. */
public final class CommandHash {
  private static final long SEED = 0xDECAFBADDECAFBADL;
  private static final long M = 0xc6a4a7935bd1e995L;
  private static final int R = 47;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private CommandHash() {}

  /** The hash of a command, which is {@code Edge.loggedCommand()}. */
  public static long of(byte[] command) {
    long hash = SEED ^ (command.length * M);
    int at = 0;
    for (; at + 8 <= command.length; at += 8) {
      long word = (long) LONGS.get(command, at) * M;
      word = (word ^ (word >>> R)) * M;
      hash = (hash ^ word) * M;
    }
    if (at < command.length) {
      long rest = 0;
      for (int i = command.length - 1; i >= at; i--) {
        rest = (rest << 8) | (command[i] & 0xff);
      }
      hash = (hash ^ rest) * M;
    }
    hash = (hash ^ (hash >>> R)) * M;
    return hash ^ (hash >>> R);
  }
}
