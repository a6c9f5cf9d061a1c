package dev.bricolage.memo;

import dev.bricolage.action.Digest;
import java.util.Arrays;

/**
 * The canonical encoding of records, of keys as well as of values: a text for people to read. First
 * the kind, which is the record's simple name and a hash of what it consists of, so that nothing is
 * read as what it is no more; then its components: {@code Parse-0f1e2d3c4b5a src/a.c 3 [x y]}.
 * Everything in it is described in {@code docs/formats/trace.md}.
 */
final class RecordCodec<V> implements Codec<V> {
  private static final int KIND_DIGITS = 12;

  private static final ClassValue<RecordCodec<?>> CODECS =
      new ClassValue<>() {
        @Override
        protected RecordCodec<?> computeValue(Class<?> type) {
          return new RecordCodec<>(type);
        }
      };

  private final Class<V> type;
  private final Shape shape;
  private final String consistsOf;
  private final String kind;
  private volatile Versioned newest;

  /** What goes into a key's kind besides its shape: as a rule there is only one in a process. */
  private record Version(String version, String value) {
    static Version of(Persistent<?> key) {
      return new Version(
          key.version(), key.valueCodec() instanceof RecordCodec<?> codec ? codec.kind : "");
    }
  }

  private record Versioned(Version version, String kind) {}

  private RecordCodec(Class<V> type) {
    Shaping shaping = new Shaping();
    this.type = type;
    this.shape = shaping.root(type);
    this.consistsOf = shaping.text();
    this.kind = kind(consistsOf);
    this.newest = versioned(new Version("", ""));
  }

  /** The codec of this type; throws when there is none. */
  @SuppressWarnings("unchecked")
  static <V> RecordCodec<V> of(Class<V> type) {
    return (RecordCodec<V>) CODECS.get(type);
  }

  /** The encoding of a key that is a record. */
  static Question question(Key<?> key) {
    RecordCodec<?> codec = CODECS.get(key.getClass());
    return new Question(codec.kind(key), codec.text(key));
  }

  private String kind(Object key) {
    if (!(key instanceof Persistent<?> persistent)) {
      return kind;
    }
    Version version = Version.of(persistent);
    Versioned known = newest;
    if (!known.version().equals(version)) {
      known = versioned(version);
      newest = known;
    }
    return known.kind();
  }

  private Versioned versioned(Version version) {
    String all = consistsOf + "\n" + version.value() + "\n" + version.version();
    return new Versioned(version, kind(all));
  }

  private String kind(String of) {
    return type.getSimpleName() + "-" + Digest.of(of).hex().substring(0, KIND_DIGITS);
  }

  /** The simple name of the record that a question of this kind is about. */
  static String name(String kind) {
    int hash = kind.lastIndexOf('-');
    return hash < 0 ? "" : kind.substring(0, hash);
  }

  /** The value's components, without its kind. */
  private String text(Object value) {
    WordWriter out = new WordWriter();
    try {
      if (shape instanceof RecordShape record) {
        record.writeBare(value, out);
      } else {
        shape.write(value, out);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a " + type.getSimpleName() + " that has no encoding: " + e.getMessage(), e);
    }
    return out.toString();
  }

  /**
   * The value of these components, or one that is nearly it: of a text that {@link #text} does not
   * give, anything may come. Throws IllegalArgumentException, and nothing else.
   */
  V read(String text) {
    WordReader in = new WordReader(text);
    try {
      Object value = shape instanceof RecordShape record ? record.readBare(in) : shape.read(in);
      in.end();
      return type.cast(value);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // The record's own code: a constructor, or the order of what is sorted.
      throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + e, e);
    }
  }

  @Override
  public byte[] encode(V value) {
    return TextCodec.UTF_8.encode(kind + " " + text(value));
  }

  @Override
  public V decode(byte[] bytes) {
    String text = TextCodec.UTF_8.decode(bytes);
    if (!text.startsWith(kind + " ")) {
      throw new IllegalArgumentException("no " + kind);
    }
    V value = read(text.substring(kind.length() + 1));
    if (!Arrays.equals(bytes, encode(value))) {
      throw new IllegalArgumentException("not as a " + kind + " is written");
    }
    return value;
  }
}
