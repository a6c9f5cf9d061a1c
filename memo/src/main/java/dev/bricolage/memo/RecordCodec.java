package dev.bricolage.memo;

/** The canonical encoding of records. */
final class RecordCodec {
  private RecordCodec() {}

  static Question question(Key<?> key) {
    return new Question(key.getClass().getSimpleName(), key.toString());
  }
}
