package dev.bricolage.memo.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Nodes that count how often they are read, and that can be damaged by a seed. */
final class Shelf implements TraceNodes {
  private final NavigableMap<String, byte[]> entries = new TreeMap<>();
  int reads;
  int writes;

  @Override
  public Optional<byte[]> get(byte[] key) {
    reads++;
    return Optional.ofNullable(entries.get(HexFormat.of().formatHex(key))).map(byte[]::clone);
  }

  @Override
  public void update(Change change) {
    change.in(
        new Edit() {
          @Override
          public Optional<byte[]> get(byte[] key) {
            return Optional.ofNullable(entries.get(HexFormat.of().formatHex(key)))
                .map(byte[]::clone);
          }

          @Override
          public void put(byte[] key, byte[] value) {
            writes++;
            entries.put(HexFormat.of().formatHex(key), value.clone());
          }

          @Override
          public void remove(byte[] key) {
            entries.remove(HexFormat.of().formatHex(key));
          }
        });
  }

  /** The bytes of all keys and values. */
  long bytes() {
    return entries.entrySet().stream()
        .mapToLong(entry -> entry.getKey().length() / 2 + entry.getValue().length)
        .sum();
  }

  /** How many entries there are. */
  int size() {
    return entries.size();
  }

  /** Takes out the entries that the other does not have. */
  void loseWhatIsNotIn(Shelf other) {
    entries.keySet().retainAll(other.entries.keySet());
  }

  /** Flips, cuts, removes, or puts one entry's bytes in another's place. */
  void damage(SplittableRandom random) {
    if (entries.isEmpty()) {
      return;
    }
    List<String> keys = new ArrayList<>(entries.keySet());
    String key = keys.get(random.nextInt(keys.size()));
    byte[] value = entries.getOrDefault(key, new byte[0]).clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        if (value.length > 0) {
          value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
        }
        entries.put(key, value);
      }
      case 1 -> entries.put(key, Arrays.copyOf(value, random.nextInt(value.length + 1)));
      case 2 -> entries.remove(key);
      default -> entries.put(keys.get(random.nextInt(keys.size())), value);
    }
  }
}
