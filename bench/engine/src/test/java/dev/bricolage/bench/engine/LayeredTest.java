package dev.bricolage.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.memo.Asker;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The reach of the three leaves is what the cost of an edit is divided by. */
final class LayeredTest {
  /** Notes what a task asks. */
  private static final class Notes implements Fetch {
    final List<Key<?>> asked = new ArrayList<>();

    @Override
    @SuppressWarnings("unchecked") // all here are keys of numbers
    public <V> V fetch(Key<V> key) {
      asked.add(key);
      return (V) (Long) 0L;
    }

    @Override
    public <V> List<V> fetchAll(Collection<? extends Key<? extends V>> keys) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void observed(List<Step> steps) {}

    @Override
    public void forget(String reason) {}

    @Override
    public Asker asker() {
      return Asker.NOBODY;
    }
  }

  private static List<Key<?>> asks(Layered node) throws InterruptedException {
    Notes notes = new Notes();
    node.run(notes);
    return notes.asked;
  }

  private static Set<Key<?>> above(Leaf leaf) throws InterruptedException {
    Set<Key<?>> reached = new HashSet<>(Set.of(leaf));
    for (int layer = 1; layer <= Layered.LAYERS; layer++) {
      for (int column = 0; column < Layered.WIDTH; column++) {
        Layered node = new Layered(layer, column);
        if (asks(node).stream().anyMatch(reached::contains)) {
          reached.add(node);
        }
      }
    }
    reached.remove(leaf);
    return reached;
  }

  @Test
  void leavesHaveTheReachTheyClaim() throws InterruptedException {
    assertEquals(Layered.LAYERS, above(Layered.FEW).size());
    assertTrue(above(Layered.FEW).contains(Layered.above(Layered.FEW)));
    assertEquals(100 * Layered.LAYERS, above(Layered.SOME).size());
    assertEquals(Layered.nodes(), above(Layered.ALL).size());
  }

  @Test
  void allAskThreeOfTheLayerBelow() throws InterruptedException {
    int distinct = 0;
    for (int layer = 1; layer <= Layered.LAYERS; layer++) {
      for (int column = 0; column < Layered.WIDTH; column++) {
        List<Key<?>> asked = asks(new Layered(layer, column));
        assertEquals(3, asked.size());
        distinct += new HashSet<>(asked).size();
        int below = layer - 1;
        assertTrue(
            asked.stream()
                .allMatch(
                    key -> below == 0 ? key instanceof Leaf : ((Layered) key).layer() == below));
      }
    }
    assertTrue(distinct > 2.99 * Layered.nodes(), distinct + " questions that differ");
  }
}
