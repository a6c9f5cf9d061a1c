package dev.bricolage.memo.engine;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Durability;
import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Task;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.Tasks;
import dev.bricolage.memo.ViewKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A random program whose answers can be worked out without remembering anything: places, of which
 * the first are inputs, and each of the others asks some before it. Some fail, some depend on what
 * fails, some choose by an answer what they ask next.
 */
final class Maze implements Tasks {
  /** So few values that many changes end nowhere. */
  private static final int VALUES = 5;

  final int inputs;
  private final List<Place> places = new ArrayList<>();
  private final Random moods;

  /** What a task does with what it asks. */
  private enum Way {
    ONE_BY_ONE,
    TOGETHER,
    BY_CHOICE,
    TOLERANT
  }

  private record Place(Way way, List<Integer> asks) {}

  private Maze(int inputs, Random random) {
    this.inputs = inputs;
    this.moods = random;
  }

  /** A maze from a seed: broad, or one long way. */
  static Maze of(Random random) {
    Maze maze = new Maze(4 + random.nextInt(8), random);
    boolean isLong = random.nextInt(4) == 0;
    int size = maze.inputs + (isLong ? 400 : 20 + random.nextInt(60));
    for (int at = maze.inputs; at < size; at++) {
      List<Integer> asks = new ArrayList<>();
      if (isLong) {
        asks.add(at - 1);
      }
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        asks.add(random.nextInt(at));
      }
      Way[] ways = Way.values();
      maze.places.add(new Place(ways[random.nextInt(ways.length)], asks));
    }
    return maze;
  }

  int size() {
    return inputs + places.size();
  }

  /**
   * The key of a place: inputs are set, or seen, some of them seldom; every fourth task is kept.
   */
  Key<Integer> key(int at) {
    if (at >= inputs) {
      return at % 4 == 0 ? new Kept(at) : new Spot(at);
    }
    return switch (at % 3) {
      case 0 -> new Spot(at);
      case 1 -> new Seen(at, Durability.LOW);
      default -> new Seen(at, Durability.HIGH);
    };
  }

  Optional<Key<?>> key(Question question) {
    return Optional.of(key(Integer.parseInt(question.subject())));
  }

  /** A place whose value is set, or computed and forgotten with the process. */
  record Spot(int at) implements Key<Integer> {
    @Override
    public Question question() {
      return new Question("place", String.valueOf(at));
    }

    @Override
    public Optional<Codec<Integer>> codec() {
      return Optional.of(CODEC);
    }
  }

  /** A place whose value outlasts the process. */
  record Kept(int at) implements Persistent<Integer> {
    @Override
    public Question question() {
      return new Question("place", String.valueOf(at));
    }

    @Override
    public Codec<Integer> valueCodec() {
      return CODEC;
    }

    @Override
    public String version() {
      return "1";
    }
  }

  /** A place that is looked at. */
  record Seen(int at, Durability durability) implements ViewKey<Integer> {
    @Override
    public Question question() {
      return new Question("place", String.valueOf(at));
    }

    @Override
    public Integer parse(String answer) {
      return Integer.valueOf(answer);
    }

    @Override
    public String answer(Integer value) {
      return value.toString();
    }
  }

  private static final Codec<Integer> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(Integer value) {
          return value.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Integer decode(byte[] bytes) {
          return Integer.valueOf(new String(bytes, StandardCharsets.UTF_8));
        }
      };

  /** How a task asks. */
  private interface Door {
    int at(int place) throws InterruptedException;

    List<Integer> all(List<Integer> places) throws InterruptedException;
  }

  private static final class Bad extends RuntimeException {
    private static final long serialVersionUID = 1;

    Bad() {
      super("bad", null, false, false);
    }
  }

  private int run(int at, Door door) throws InterruptedException {
    Place place = places.get(at - inputs);
    int value = at;
    switch (place.way) {
      case ONE_BY_ONE -> {
        for (int asked : place.asks) {
          value = value * 31 + door.at(asked);
        }
      }
      case TOGETHER -> {
        for (int answer : door.all(place.asks)) {
          value = value * 31 + answer;
        }
      }
      case BY_CHOICE -> {
        int choice = door.at(place.asks.getFirst());
        value += 7 * door.at(place.asks.get(choice % place.asks.size()));
      }
      case TOLERANT -> {
        for (int asked : place.asks) {
          try {
            value = value * 31 + door.at(asked);
          } catch (TaskFailed | Bad failed) {
            value = value * 31 + 3;
          }
        }
      }
    }
    if (Math.floorMod(value, 23) == 0) {
      throw new Bad();
    }
    return Math.floorMod(value, VALUES);
  }

  static int value(Random random) {
    return random.nextInt(VALUES);
  }

  /** The answers with these inputs; empty where a task fails. */
  List<OptionalInt> plain(int[] values) {
    List<OptionalInt> answers = new ArrayList<>();
    for (int value : values) {
      answers.add(OptionalInt.of(value));
    }
    Door door =
        new Door() {
          @Override
          public int at(int place) {
            return answers.get(place).orElseThrow(Bad::new);
          }

          @Override
          public List<Integer> all(List<Integer> places) {
            return places.stream().map(this::at).toList();
          }
        };
    for (int at = inputs; at < size(); at++) {
      try {
        answers.add(OptionalInt.of(run(at, door)));
      } catch (Bad bad) {
        answers.add(OptionalInt.empty());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return answers;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <V> Optional<Task<V>> of(Key<V> key) {
    int at =
        switch (key) {
          case Spot spot -> spot.at;
          case Kept kept -> kept.at;
          default -> -1;
        };
    return at < inputs ? Optional.empty() : Optional.of((Task<V>) task(at));
  }

  /** Now and then a task has a mood: it is forgotten, or makes nothing of being interrupted. */
  private Task<Integer> task(int at) {
    return fetch -> {
      int mood;
      synchronized (moods) {
        mood = moods.nextInt(100);
      }
      if (mood < 3) {
        fetch.forget("a mood");
      }
      try {
        return run(at, door(fetch));
      } catch (InterruptedException e) {
        if (mood < 50) {
          return -1; // nobody may ever see this
        }
        throw e;
      }
    };
  }

  private Door door(Fetch fetch) {
    return new Door() {
      @Override
      public int at(int place) throws InterruptedException {
        return fetch.fetch(key(place));
      }

      @Override
      public List<Integer> all(List<Integer> places) throws InterruptedException {
        return fetch.fetchAll(places.stream().map(Maze.this::key).toList());
      }
    };
  }
}
