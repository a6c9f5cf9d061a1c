package dev.bricolage.memo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the questions of records. A key counts only if its own question is the very one that was
 * read: so nothing is believed of what an older program wrote, or of what was damaged.
 */
final class RecordKinds implements Kinds {
  /** By simple name; two packages may each have a {@code Parse}. */
  private final Map<String, List<RecordCodec<?>>> codecs = new HashMap<>();

  RecordKinds(Class<?>... keys) {
    for (Class<?> key : keys) {
      if (!key.isRecord() || !Key.class.isAssignableFrom(key)) {
        throw new IllegalArgumentException(
            key.getName() + " is no record that is a Key: name only those, or write Kinds for it");
      }
      codecs
          .computeIfAbsent(key.getSimpleName(), name -> new ArrayList<>())
          .add(RecordCodec.of(key));
    }
  }

  @Override
  public Optional<Key<?>> key(Question question) {
    for (RecordCodec<?> codec : codecs.getOrDefault(RecordCodec.name(question.kind()), List.of())) {
      Optional<Key<?>> key = read(codec, question);
      if (key.isPresent()) {
        return key;
      }
    }
    return Optional.empty();
  }

  private static Optional<Key<?>> read(RecordCodec<?> codec, Question question) {
    try {
      return codec.read(question.subject()) instanceof Key<?> key && key.question().equals(question)
          ? Optional.of(key)
          : Optional.empty();
    } catch (RuntimeException unreadable) {
      return Optional.empty();
    }
  }
}
