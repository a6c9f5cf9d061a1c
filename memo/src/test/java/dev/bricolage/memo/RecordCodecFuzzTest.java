package dev.bricolage.memo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Records of every shape there and back, and bytes that are none; a failure names its seed. */
final class RecordCodecFuzzTest {
  private static final int RECORDS = 3_000;
  private static final Codec<Zoo.Everything> CODEC = Codec.ofRecord(Zoo.Everything.class);
  private static final Kinds KINDS =
      Kinds.ofRecords(Zoo.Everything.class, Zoo.Small.class, Zoo.Texts.class);

  /** What a seed's damaged bytes came to. */
  private enum Came {
    UNDAMAGED,
    REFUSED,
    ANOTHER
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (long seed = 0; seed < RECORDS; seed++) {
      Zoo.Everything value = new Zoo(seed).everything();
      byte[] bytes = CODEC.encode(value);
      Zoo.Everything again = CODEC.decode(bytes);
      assertEquals(value, again, "seed " + seed);
      assertArrayEquals(bytes, CODEC.encode(again), "seed " + seed);
      assertEquals(Answer.of(CODEC, value), Answer.of(CODEC, again), "seed " + seed);
    }
  }

  @Test
  void aQuestionIsItsKeysAndNoOther() {
    int met = bijective(Key::question);
    assertTrue(met > 500, "only " + met + " keys were met twice");
  }

  @Test
  void canaryAQuestionThatIsNotQuotedIsCaught() {
    Function<Key<?>, Question> careless =
        key -> new Question(key.question().kind(), key.question().subject().replace("\"", ""));
    assertThrows(AssertionError.class, () -> bijective(careless));
  }

  /** Equal keys have one question, others have others, and each leads back to its key. */
  private static int bijective(Function<Key<?>, Question> question) {
    Map<Question, Key<?>> keys = new HashMap<>();
    int met = 0;
    for (long seed = 0; seed < 10 * RECORDS; seed++) {
      Key<?> key = new Zoo(seed).key();
      Question asked = question.apply(key);
      assertEquals(Optional.of(key), KINDS.key(asked), "seed " + seed);
      Key<?> before = keys.putIfAbsent(asked, key);
      assertTrue(before == null || before.equals(key), "seed " + seed + ": " + asked);
      met += before == null ? 0 : 1;
    }
    return met;
  }

  @Test
  void damagedBytesAreRefusedOrAreThoseOfAnotherValue() {
    Map<Came, Integer> came = new HashMap<>();
    for (long seed = 0; seed < 10 * RECORDS; seed++) {
      byte[] bytes = CODEC.encode(new Zoo(seed % 1_000).everything());
      byte[] damaged = damaged(bytes, new SplittableRandom(seed));
      came.merge(decoded(bytes, damaged, "seed " + seed), 1, Integer::sum);
    }
    System.out.println("record codec damage: " + came);
    assertTrue(came.getOrDefault(Came.REFUSED, 0) > RECORDS, "" + came);
    assertTrue(came.getOrDefault(Came.ANOTHER, 0) > RECORDS / 2, "" + came);
  }

  /** Nothing but IllegalArgumentException; and what is read is written as it was. */
  private static Came decoded(byte[] bytes, byte[] damaged, String where) {
    try {
      Zoo.Everything value = CODEC.decode(damaged);
      assertArrayEquals(damaged, CODEC.encode(value), where);
      return Arrays.equals(bytes, damaged) ? Came.UNDAMAGED : Came.ANOTHER;
    } catch (IllegalArgumentException refused) {
      return Came.REFUSED;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(where + ": " + new String(damaged, UTF_8), e);
    }
  }

  /** Cut, a bit flipped, a byte set, a piece doubled or taken out, or one of them put elsewhere. */
  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    String special = "()[]{}\"\\ =-u0\n";
    byte[] damaged = bytes.clone();
    int at = random.nextInt(bytes.length);
    int end = random.nextInt(at, Math.min(bytes.length, at + 9)) + 1;
    switch (random.nextInt(6)) {
      case 0 -> damaged = Arrays.copyOf(bytes, at);
      case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> damaged[at] = (byte) special.charAt(random.nextInt(special.length()));
      case 3 -> damaged = joined(bytes, end, at);
      case 4 -> damaged = joined(bytes, at, end);
      default -> damaged[at] = bytes[random.nextInt(bytes.length)];
    }
    return damaged;
  }

  private static byte[] joined(byte[] bytes, int end, int from) {
    byte[] joined = Arrays.copyOf(bytes, end + bytes.length - from);
    System.arraycopy(bytes, from, joined, end, bytes.length - from);
    return joined;
  }

  /** Whatever the bytes say, reading them takes some bytes of memory for each, and no more. */
  @Test
  void noBytesCostMoreThanTheyAreLong() {
    String good = new String(CODEC.encode(new Zoo(1).everything()), UTF_8);
    UnaryOperator<String> behind = bomb -> good.substring(0, good.indexOf(' ') + 1) + bomb;
    List<String> bombs =
        List.of(
            behind.apply("(".repeat(1_000_000)),
            behind.apply("[".repeat(1_000_000)),
            behind.apply("\"".repeat(1_000_000)),
            behind.apply("\\u0000".repeat(200_000)),
            behind.apply("(true " + "9".repeat(1_000_000)),
            good.replaceFirst("\\[", "[" + "[] ".repeat(300_000)),
            good.replaceFirst("\\[", "[" + "x ".repeat(500_000)),
            good.replace(")", ")".repeat(100_000)),
            good + " " + good.repeat(500));
    for (String bomb : bombs) {
      byte[] bytes = bomb.getBytes(UTF_8);
      long before = allocated();
      assertThrows(IllegalArgumentException.class, () -> CODEC.decode(bytes));
      long spent = allocated() - before;
      assertTrue(spent < 100L * bytes.length + 1_000_000, bytes.length + " bytes cost " + spent);
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** As deep as may be, on a virtual thread and on one with half the stack that threads have. */
  @Test
  void theDeepestValueNeedsLittleStack() throws Exception {
    Zoo.Expression deepest = new Zoo.Literal(1);
    for (int i = 1; i < WordWriter.DEPTH; i++) {
      deepest = new Zoo.Sum(deepest, new Zoo.Nothing());
    }
    Codec<Zoo.Expression> codec = Codec.ofRecord(Zoo.Expression.class);
    byte[] bytes = codec.encode(deepest);
    FutureTask<byte[]> little = new FutureTask<>(() -> codec.encode(codec.decode(bytes)));
    new Thread(null, little, "little stack", 512 << 10).start();
    assertArrayEquals(bytes, little.get());
    FutureTask<byte[]> virtual = new FutureTask<>(() -> codec.encode(codec.decode(bytes)));
    Thread.startVirtualThread(virtual);
    assertArrayEquals(bytes, virtual.get());
  }
}
