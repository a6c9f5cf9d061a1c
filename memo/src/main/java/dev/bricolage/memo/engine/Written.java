package dev.bricolage.memo.engine;

import dev.bricolage.action.Digest;
import dev.bricolage.memo.Answer;
import dev.bricolage.memo.Persistent;
import dev.bricolage.memo.Values;
import java.util.Optional;

/** How a value or failure stands in a trace: itself where it is short, else by its digest. */
record Written<V>(Persistent<V> key, Values values) {
  /** Bytes that are read faster with their trace than from elsewhere. */
  private static final int ROW = 256;

  String write(Object value) {
    if (value instanceof State.Failure(Throwable cause)) {
      return Answer.ofFailure(cause);
    }
    byte[] bytes = key.valueCodec().encode(Sameness.cast(key, value));
    return Answer.inline(bytes, ROW).orElseGet(() -> Answer.ofDigest(values.put(bytes)));
  }

  /** Empty when it is lost, or no value of this kind: then nothing is remembered. */
  Optional<Object> read(String text) {
    Optional<String> failure = Answer.failure(text);
    if (failure.isPresent()) {
      return Optional.of(new State.Failure(new RememberedFailure(failure.get())));
    }
    try {
      Optional<Digest> digest = Answer.digest(text);
      Optional<byte[]> bytes = digest.isPresent() ? values.read(digest.get()) : Answer.bytes(text);
      return bytes.map(key.valueCodec()::decode);
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
