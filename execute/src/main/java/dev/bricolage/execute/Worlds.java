package dev.bricolage.execute;

import dev.bricolage.memo.engine.Memo;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The memos of worlds that somebody is in: who asks the same in the same world, asks once. */
final class Worlds {
  private final Map<String, World> worlds = new HashMap<>();

  private static final class World {
    private final Memo memo;
    private int guests;

    World(Memo memo) {
      this.memo = memo;
    }
  }

  /** What is asked there. */
  interface Stay<T> {
    T in(Memo memo) throws IOException, InterruptedException;
  }

  /** Enters the world of this name, opened now if nobody is in it. */
  <T> T enter(String name, Supplier<Memo> open, Stay<T> stay)
      throws IOException, InterruptedException {
    World world = join(name, open);
    try {
      return stay.in(world.memo);
    } finally {
      leave(name, world);
    }
  }

  private synchronized World join(String name, Supplier<Memo> open) {
    World world = worlds.computeIfAbsent(name, n -> new World(open.get()));
    world.guests++;
    return world;
  }

  private synchronized void leave(String name, World world) {
    if (--world.guests == 0) {
      worlds.remove(name);
    }
  }
}
