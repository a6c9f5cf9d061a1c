package dev.bricolage.fuzz;

import dev.bricolage.testkit.gen.Turn;
import java.io.IOException;
import java.util.List;

/** Where one scenario is played. */
public interface Playground extends AutoCloseable {
  /** Plays a turn; a line for each thing that is not as it must be. */
  List<String> play(Turn turn) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
