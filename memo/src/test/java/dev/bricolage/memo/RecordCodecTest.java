package dev.bricolage.memo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class RecordCodecTest {
  private record Parse(String file, int level, List<String> options) implements Key<String> {}

  private record All() implements Key<String> {}

  private record Holder<T>(T held) implements Key<String> {}

  private record Bounded<T extends Zoo.Expression>(T held) implements Key<String> {}

  private record Of(Zoo.Expression expression) implements Key<String> {}

  private record Linked(int value, Optional<Linked> next) {}

  private static String subject(Key<?> key) {
    return key.question().subject();
  }

  private static String message(Executable refused) {
    return "" + assertThrows(IllegalArgumentException.class, refused).getMessage();
  }

  private static String told(Class<?> type) {
    return message(() -> Codec.ofRecord(type));
  }

  private static String refused(Codec<?> codec, String bytes) {
    return message(() -> codec.decode(bytes.getBytes(UTF_8)));
  }

  @Test
  void aSubjectIsForPeopleToRead() {
    assertEquals(
        "src/a.c 3 [-O2 --std=c17]", subject(new Parse("src/a.c", 3, List.of("-O2", "--std=c17"))));
    assertEquals(
        "\"my file.c\" -1 [\"\" \"a\\\"b\" \"c\\\\d\" \"[\" \"x\\ny\" \"\\u202e\" ä 😀]",
        subject(
            new Parse(
                "my file.c", -1, List.of("", "a\"b", "c\\d", "[", "x\ny", "\u202e", "ä", "😀"))));
    assertEquals("()", subject(new All()));
    assertEquals(
        "Sum(Literal(1) Call(f [Nothing()]))",
        subject(
            new Of(
                new Zoo.Sum(new Zoo.Literal(1), new Zoo.Call("f", List.of(new Zoo.Nothing()))))));
  }

  /** Any change of the encoding must be meant: every trace there is would be lost by it. */
  @Test
  void theEncodingStaysWhatItIs() {
    assertEquals(
        new Question("Parse-58a84a26aa80", "a 1 []"), new Parse("a", 1, List.of()).question());
    assertEquals(
        "Parse-58a84a26aa80 a 1 []",
        new String(Codec.ofRecord(Parse.class).encode(new Parse("a", 1, List.of())), UTF_8));
  }

  private static final class Before {
    private record Shaped(String name, Before.Part part) implements Key<String> {}

    private record Part(int a, int b) {}
  }

  private static final class After {
    private record Shaped(String name, After.Part part) implements Key<String> {}

    private record Part(int b, int a) {}
  }

  @Test
  void aRecordThatIsAnotherNowIsNotMisread() {
    Question old = new Before.Shaped("x", new Before.Part(1, 2)).question();
    Question now = new After.Shaped("x", new After.Part(1, 2)).question();
    assertEquals(old.subject(), now.subject());
    assertNotEquals(old.kind(), now.kind());
    assertEquals(Optional.empty(), Kinds.ofRecords(After.Shaped.class).key(old));
    byte[] bytes = Codec.ofRecord(Before.Part.class).encode(new Before.Part(1, 2));
    message(() -> Codec.ofRecord(After.Part.class).decode(bytes));
    // Both are known by their simple name, and told apart.
    Kinds both = Kinds.ofRecords(Before.Shaped.class, After.Shaped.class);
    assertEquals(Optional.of(new Before.Shaped("x", new Before.Part(1, 2))), both.key(old));
    assertEquals(Optional.of(new After.Shaped("x", new After.Part(1, 2))), both.key(now));
  }

  /** The version is not static, so that a test can raise it; a key's own is a constant. */
  private static String version = "1";

  private record Compile(String file) implements Persistent<String> {
    @Override
    public Codec<String> valueCodec() {
      return Codec.text();
    }

    @Override
    public String version() {
      return version;
    }
  }

  @Test
  void aKeyOfAnotherVersionIsNotFound() {
    version = "1";
    Question one = new Compile("a.c").question();
    assertEquals(one, new Compile("a.c").question());
    version = "2";
    Question two = new Compile("a.c").question();
    assertNotEquals(one.kind(), two.kind());
    assertEquals(one.subject(), two.subject());
    Kinds kinds = Kinds.ofRecords(Compile.class);
    assertEquals(Optional.empty(), kinds.key(one));
    assertEquals(Optional.of(new Compile("a.c")), kinds.key(two));
    version = "";
    assertEquals(Optional.of(new Compile("a.c")), kinds.key(new Compile("a.c").question()));
    version = "1";
    assertEquals(one, new Compile("a.c").question());
  }

  private record Measure(String file) implements Persistent<Object> {
    private static Codec<?> codec = Codec.text();

    @Override
    @SuppressWarnings("unchecked")
    public Codec<Object> valueCodec() {
      return (Codec<Object>) codec;
    }

    @Override
    public String version() {
      return "1";
    }
  }

  @Test
  void aKeyWhoseValueIsAnotherRecordNowIsNotFound() {
    Set<Question> questions = new HashSet<>();
    for (Codec<?> codec :
        List.of(
            Codec.text(), Codec.ofRecord(Before.Part.class), Codec.ofRecord(After.Part.class))) {
      Measure.codec = codec;
      questions.add(new Measure("a").question());
    }
    assertEquals(3, questions.size(), "" + questions);
    assertEquals(
        1,
        questions.stream()
            .filter(question -> Kinds.ofRecords(Measure.class).key(question).isPresent())
            .count());
  }

  /** Whichever of two interfaces that hold each other is met first, it is whole. */
  @Test
  void interfacesMayHoldEachOther() {
    Wide wide = new Left(new Right(new Left(new Right(new End()))));
    for (Codec<? extends Wide> codec :
        List.of(Codec.ofRecord(Wide.class), Codec.ofRecord(Left.class))) {
      assertEquals(wide, there(codec, wide));
    }
    assertEquals(new Right(wide), there(Codec.ofRecord(Narrow.class), new Right(wide)));
    assertEquals(new Right(wide), there(Codec.ofRecord(Right.class), new Right(wide)));
  }

  @SuppressWarnings("unchecked")
  private static <V> Object there(Codec<? extends V> codec, V value) {
    return codec.decode(((Codec<V>) codec).encode(value));
  }

  private sealed interface Wide {}

  private sealed interface Narrow extends Wide {}

  private record Left(Narrow narrow) implements Wide {}

  private record Right(Wide wide) implements Narrow {}

  private record End() implements Wide, Narrow {}

  private record Dropped<T>(int number, List<Dropped<T>> more) {}

  private record OfDropped(Dropped<StringBuilder> one, Dropped<Object> other) {}

  /** What a parameter stands for matters only where there is a value of it. */
  @Test
  void aParameterThatNothingIsOfMayBeAnything() {
    OfDropped value =
        new OfDropped(
            new Dropped<>(1, List.of(new Dropped<>(2, List.of()))), new Dropped<>(3, List.of()));
    assertEquals(value, there(Codec.ofRecord(OfDropped.class), value));
  }

  @Test
  void whatIsNoQuestionOfTheseKeysIsNotKnown() {
    Kinds kinds = Kinds.ofRecords(Parse.class);
    Question right = new Parse("a", 1, List.of("x")).question();
    assertEquals(Optional.of(new Parse("a", 1, List.of("x"))), kinds.key(right));
    for (String subject :
        List.of(
            "",
            "a",
            "a 1",
            "a 1 [x",
            "a 1 [x] ",
            "a  1 [x]",
            " a 1 [x]",
            "a 01 [x]",
            "a +1 [x]",
            "a 1 [ x]",
            "a 1 [x ]",
            "a one [x]",
            "a 99999999999 [x]",
            "\"a\" 1 [x]",
            "a 1 [\"\\u0078\"]",
            "a 1 [\"x]",
            "a 1 [\"\\")) {
      assertEquals(Optional.empty(), kinds.key(new Question(right.kind(), subject)), subject);
    }
    for (String kind :
        List.of("", "-", "Parse", "Parse-", "Parse-000000000000", "stat", "Other-1")) {
      assertEquals(Optional.empty(), kinds.key(new Question(kind, right.subject())), kind);
    }
  }

  private record Port(int number) implements Key<String> {
    Port {
      if (number < 0) {
        throw new IllegalStateException("a port cannot be " + number);
      }
    }
  }

  @Test
  void whatItsConstructorRefusesIsUnreadable() {
    String kind = new Port(80).question().kind();
    assertEquals(
        Optional.of(new Port(80)), Kinds.ofRecords(Port.class).key(new Question(kind, "80")));
    assertEquals(Optional.empty(), Kinds.ofRecords(Port.class).key(new Question(kind, "-1")));
    Codec<Port> codec = Codec.ofRecord(Port.class);
    assertEquals(
        "Port refuses it: java.lang.IllegalStateException: a port cannot be -1",
        refused(codec, new String(codec.encode(new Port(1)), UTF_8).replace(" 1", " -1")));
  }

  private record Sets(SortedSet<String> set, SortedMap<String, Integer> map)
      implements Key<String> {}

  @Test
  void theOrderOfASortedSetIsNoPartOfIt() {
    SortedSet<String> backwards = new TreeSet<>(Comparator.reverseOrder());
    backwards.addAll(List.of("a", "b", "c"));
    SortedMap<String, Integer> down = new TreeMap<>(Comparator.reverseOrder());
    down.putAll(Map.of("x", 1, "y", 2));
    Sets one = new Sets(backwards, down);
    Sets two = new Sets(new TreeSet<>(backwards), new TreeMap<>(Map.of("x", 1, "y", 2)));
    assertEquals(one, two);
    assertEquals("[a b c] {x 1 y 2}", subject(one));
    assertEquals(one.question(), two.question());
  }

  @Test
  void aParameterIsWhatItIsBoundBy() {
    Key<?> bounded = new Bounded<>(new Zoo.Literal(7));
    assertEquals("Literal(7)", subject(bounded));
    assertEquals(Optional.of(bounded), Kinds.ofRecords(Bounded.class).key(bounded.question()));
  }

  @Test
  void whatIsNullIsNamed() {
    List<String> holed = new java.util.ArrayList<>(List.of("x"));
    holed.set(0, nothing());
    assertEquals(
        "a Parse that has no encoding: Parse.file is null",
        message(() -> new Parse(nothing(), 1, List.of()).question()));
    assertEquals(
        "a Parse that has no encoding: an element is null",
        message(() -> new Parse("a", 1, holed).question()));
  }

  /** As code without a checker of nulls would give it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record OfBytes(byte[] bytes) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record OfArray(String[] names) {}

  private record OfSet(Set<String> names) {}

  private record OfMap(Map<String, String> names) {}

  private record OfRawList(@SuppressWarnings("rawtypes") List names) {}

  private record OfObject(Object any) {}

  private record OfBuilder(StringBuilder text) {}

  private record Deep(Zoo.Pair<String, List<Set<String>>> pair) {}

  private record OfUnordered(SortedSet<Parse> parses) {}

  private record OfOpen(OpenOne open) {}

  private sealed interface OpenOne {}

  @SuppressWarnings("UnusedNestedClass")
  private static non-sealed class Anything implements OpenOne {}

  private record Endless<T>(Optional<Endless<List<T>>> more) {}

  private record OfEndless(Endless<String> endless) {}

  @Test
  void whatHasNoEncodingIsNamedWithAWayOut() {
    String here = RecordCodecTest.class.getName();
    assertEquals(
        "OfBytes.bytes is a byte[], which has no canonical encoding: bytes are equal to none but"
            + " themselves; make it a Digest, or a String",
        told(OfBytes.class));
    assertEquals(
        "OfArray.names is a java.lang.String[], which has no canonical encoding: arrays are equal"
            + " to none but themselves; make it a List",
        told(OfArray.class));
    assertEquals(
        "OfSet.names is a java.util.Set<java.lang.String>, which has no canonical encoding: make it"
            + " a SortedSet of a known type",
        told(OfSet.class));
    assertEquals(
        "OfMap.names is a java.util.Map<java.lang.String, java.lang.String>, which has no canonical"
            + " encoding: make it a SortedMap of known types",
        told(OfMap.class));
    assertEquals(
        "OfRawList.names is a java.util.List, which has no canonical encoding: make it a List of a"
            + " known type",
        told(OfRawList.class));
    String records =
        "make it a record, a sealed interface of records, an enum, a String or a number";
    assertEquals(
        "OfObject.any is a java.lang.Object, which has no canonical encoding: " + records,
        told(OfObject.class));
    assertEquals(
        "Holder.held is a java.lang.Object, which has no canonical encoding: " + records,
        told(Holder.class));
    assertEquals(
        "OfBuilder.text is a java.lang.StringBuilder, which has no canonical encoding: " + records,
        told(OfBuilder.class));
    assertEquals(
        "Pair.second is a java.util.Set<java.lang.String>, which has no canonical encoding: make it"
            + " a SortedSet of a known type",
        told(Deep.class));
    assertEquals(
        "OfUnordered.parses is sorted, but "
            + here
            + "$Parse has no natural order: make it Comparable",
        told(OfUnordered.class));
    assertEquals(
        "OpenOne permits "
            + here
            + "$Anything, which is no record: make it one, or a sealed interface of records",
        told(OfOpen.class));
    assertEquals(
        "Endless.more is of a type that holds itself with ever more type arguments: let it hold itself as"
            + " it is",
        told(OfEndless.class));
    assertEquals(
        "java.lang.String is neither a record nor a sealed interface of records: make it one, or"
            + " write its encoding yourself (of a key: question(); of a value: a Codec)",
        told(String.class));
    assertEquals(
        here + "$Deep is no record that is a Key: name only those, or write Kinds for it",
        message(() -> Kinds.ofRecords(Deep.class)));
  }

  @Test
  void bytesOfNothingAreRefused() {
    Codec<Linked> codec = Codec.ofRecord(Linked.class);
    String good = new String(codec.encode(new Linked(1, Optional.empty())), UTF_8);
    assertEquals(new Linked(1, Optional.empty()), codec.decode(good.getBytes(UTF_8)));
    String kind = good.substring(0, good.indexOf(' '));
    assertEquals("no " + kind, refused(codec, ""));
    assertEquals("no " + kind, refused(codec, kind));
    assertEquals("no word at character 0", refused(codec, kind + " "));
    assertEquals("no ' ' at character 1", refused(codec, kind + " 1"));
    assertEquals("more than was asked for at character 4", refused(codec, good + " 2"));
    assertEquals("not as a " + kind + " is written", refused(codec, kind + " 01 []"));
    assertEquals("no '[' at character 2", refused(codec, kind + " 1 x"));
    assertEquals("no text in UTF-8", message(() -> codec.decode(new byte[] {(byte) 0xff})));
  }

  @Test
  void whatIsNestedTooDeepIsRefusedBothWays() {
    Codec<Linked> codec = Codec.ofRecord(Linked.class);
    Linked deep = linked(499);
    assertEquals(deep, codec.decode(codec.encode(deep)));
    assertEquals(
        "a Linked that has no encoding: nested deeper than 1000",
        message(() -> codec.encode(linked(1_000_000))));
    String kind = new String(codec.encode(linked(0)), UTF_8).split(" ", 2)[0];
    assertEquals(
        "nested deeper than 1000 at character 2003",
        refused(codec, kind + " 0 [" + "(0 [".repeat(1_000_000)));
  }

  private static Linked linked(int length) {
    Linked linked = new Linked(0, Optional.empty());
    for (int i = 0; i < length; i++) {
      linked = new Linked(0, Optional.of(linked));
    }
    return linked;
  }

  @Test
  void textsAreTextsAndNothingElse() {
    assertEquals("a\n\"b", Codec.text().decode("a\n\"b".getBytes(UTF_8)));
    assertEquals("no text in UTF-8", refusedText(new byte[] {(byte) 0xc0, (byte) 0x80}));
    assertEquals(
        "a text with half a surrogate pair, which UTF-8 lacks",
        message(() -> Codec.text().encode("\ud800")));
  }

  private static String refusedText(byte[] bytes) {
    return message(() -> Codec.text().decode(bytes));
  }
}
