package dev.bricolage.memo;

import dev.bricolage.action.Digest;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the {@link Shape} of a type and of all that is in it. Type parameters are what the
 * declarations on the way there say, else what bounds them.
 */
final class Shaping {
  /** A type that holds itself with ever more type arguments has no end. */
  private static final int NESTED_ARGUMENTS = 16;

  private static final Map<Class<?>, Shape.Word> WORDS = words();

  /** Records and interfaces, in the order they were met; those on the way are not finished yet. */
  private final Map<String, Shape> met = new LinkedHashMap<>();

  /** The record and component that is looked at, for messages. */
  private String place = "";

  /** A type where its parameters mean this. */
  private record Meant(Type type, Map<TypeVariable<?>, Meant> parameters) {
    Meant with(Type part) {
      return new Meant(part, parameters);
    }
  }

  /** The shape of a record or of a sealed interface of records. */
  Shape root(Class<?> type) {
    if (!type.isRecord() && !(type.isSealed() && type.isInterface())) {
      throw new IllegalArgumentException(
          type.getName()
              + " is neither a record nor a sealed interface of records: make it one, or write its"
              + " encoding yourself (of a key: question(); of a value: a Codec)");
    }
    place = type.getSimpleName();
    return of(new Meant(type, Map.of()));
  }

  /** All records and interfaces that were met, and what they consist of. */
  String text() {
    return met.values().stream().map(Shape::text).collect(Collectors.joining("\n"));
  }

  private Shape of(Meant meant) {
    return switch (meant.type()) {
      case Class<?> plain -> of(plain, List.of(), meant);
      case ParameterizedType generic when generic.getRawType() instanceof Class<?> raw ->
          of(raw, arguments(generic, meant), meant);
      case TypeVariable<?> _, WildcardType _ -> of(known(meant));
      default -> throw refused(meant.type());
    };
  }

  private Shape of(Class<?> raw, List<Meant> arguments, Meant meant) {
    Shape.Word word = WORDS.get(raw);
    if (word != null) {
      return word;
    }
    if (raw.isEnum()) {
      return constant(raw);
    }
    if (raw.isRecord()) {
      return record(raw, arguments, name(meant, 0));
    }
    if (raw.isSealed() && raw.isInterface()) {
      return variants(raw, arguments, name(meant, 0));
    }
    return container(raw, arguments, meant);
  }

  private Shape container(Class<?> raw, List<Meant> arguments, Meant meant) {
    if (arguments.isEmpty()) {
      throw refused(meant.type());
    }
    Meant first = arguments.getFirst();
    if (raw == Optional.class) {
      return new Shape.Perhaps(of(first));
    }
    if (raw == List.class) {
      return new Shape.Row(of(first));
    }
    if (raw == SortedSet.class || raw == NavigableSet.class) {
      return new Shape.SortedRow(ordered(first));
    }
    if (raw == SortedMap.class || raw == NavigableMap.class) {
      return new Shape.SortedPairs(ordered(first), of(arguments.getLast()));
    }
    throw refused(meant.type());
  }

  private Shape ordered(Meant element) {
    Class<?> raw = raw(known(element).type());
    if (!Comparable.class.isAssignableFrom(raw)) {
      throw new IllegalArgumentException(
          place + " is sorted, but " + raw.getName() + " has no natural order: make it Comparable");
    }
    return of(element);
  }

  private static <E extends Enum<E>> Shape constant(Class<?> type) {
    @SuppressWarnings("unchecked")
    Class<E> constants = (Class<E>) type;
    return new Shape.Word(
        type.getName(), e -> ((Enum<?>) e).name(), word -> Enum.valueOf(constants, word));
  }

  private RecordShape record(Class<?> raw, List<Meant> arguments, String name) {
    if (met.get(name) instanceof RecordShape known) {
      return known;
    }
    RecordShape shape = new RecordShape(name, raw, constructor(raw));
    met.put(name, shape);
    Map<TypeVariable<?>, Meant> parameters = parameters(raw, arguments);
    List<RecordShape.Part> parts = new ArrayList<>();
    String outer = place;
    for (RecordComponent component : raw.getRecordComponents()) {
      place = raw.getSimpleName() + "." + component.getName();
      Shape part = of(new Meant(component.getGenericType(), parameters));
      parts.add(new RecordShape.Part(component.getName(), part, accessor(component)));
    }
    place = outer;
    shape.consistsOf(parts);
    return shape;
  }

  private Shape variants(Class<?> raw, List<Meant> arguments, String name) {
    Shape known = met.get(name);
    if (known != null) {
      return known;
    }
    VariantShape shape = new VariantShape(name);
    met.put(name, shape);
    Map<Class<?>, List<Meant>> behind = new LinkedHashMap<>();
    collect(raw, arguments, behind);
    List<RecordShape> records = new ArrayList<>();
    behind.forEach((type, own) -> records.add(record(type, own, type.getName() + names(own, 0))));
    shape.consistsOf(records);
    return shape;
  }

  /** The records behind an interface and those that it permits, with their type arguments. */
  private static void collect(
      Class<?> raw, List<Meant> arguments, Map<Class<?>, List<Meant>> into) {
    for (Class<?> permitted : raw.getPermittedSubclasses()) {
      List<Meant> own = handedOn(raw, arguments, permitted);
      if (permitted.isRecord()) {
        into.putIfAbsent(permitted, own);
      } else if (permitted.isSealed() && permitted.isInterface()) {
        collect(permitted, own, into);
      } else {
        throw noRecord(raw, permitted);
      }
    }
  }

  /** The type arguments of what an interface permits, where they are those of the interface. */
  private static List<Meant> handedOn(Class<?> raw, List<Meant> arguments, Class<?> permitted) {
    Map<TypeVariable<?>, Meant> known = new HashMap<>();
    for (Type above : permitted.getGenericInterfaces()) {
      if (above instanceof ParameterizedType generic && generic.getRawType() == raw) {
        Type[] names = generic.getActualTypeArguments();
        for (int i = 0; i < arguments.size(); i++) {
          if (names[i] instanceof TypeVariable<?> variable) {
            known.put(variable, arguments.get(i));
          }
        }
      }
    }
    return Arrays.stream(permitted.getTypeParameters())
        .map(variable -> known(new Meant(variable, known)))
        .toList();
  }

  private static IllegalArgumentException noRecord(Class<?> raw, Class<?> permitted) {
    return new IllegalArgumentException(
        raw.getSimpleName()
            + " permits "
            + permitted.getName()
            + ", which is no record: make it one, or a sealed interface of records");
  }

  private static Map<TypeVariable<?>, Meant> parameters(Class<?> raw, List<Meant> arguments) {
    Map<TypeVariable<?>, Meant> parameters = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      parameters.put(raw.getTypeParameters()[i], arguments.get(i));
    }
    return parameters;
  }

  /** What a parameter or a wildcard stands for; of one that nothing is said of, its bound. */
  private static Meant known(Meant meant) {
    return switch (meant.type()) {
      case TypeVariable<?> variable -> {
        Meant argument = meant.parameters().get(variable);
        yield known(argument == null ? meant.with(variable.getBounds()[0]) : argument);
      }
      case WildcardType wildcard -> known(meant.with(wildcard.getUpperBounds()[0]));
      default -> meant;
    };
  }

  /** Known at once, so that a parameter that is handed on and on is no chain of those. */
  private static List<Meant> arguments(ParameterizedType generic, Meant meant) {
    return Arrays.stream(generic.getActualTypeArguments())
        .map(argument -> known(meant.with(argument)))
        .toList();
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> raw(generic.getRawType());
      default -> Object.class;
    };
  }

  /** The full name with its type arguments, which is the same wherever the same is meant. */
  private String name(Meant meant, int depth) {
    if (depth > NESTED_ARGUMENTS) {
      throw new IllegalArgumentException(
          place
              + " is of a type that holds itself with ever more type arguments: let it hold itself as"
              + " it is");
    }
    Meant known = known(meant);
    if (known.type() instanceof ParameterizedType generic) {
      return raw(generic).getName() + names(arguments(generic, known), depth);
    }
    return known.type().getTypeName();
  }

  private String names(List<Meant> arguments, int depth) {
    return arguments.isEmpty()
        ? ""
        : arguments.stream()
            .map(argument -> name(argument, depth + 1))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static MethodHandle accessor(RecordComponent component) {
    try {
      Method accessor = opened(component.getAccessor());
      return MethodHandles.lookup()
          .unreflect(accessor)
          .asType(MethodType.methodType(Object.class, Object.class));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a method that was opened", e);
    }
  }

  private static MethodHandle constructor(Class<?> type) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> canonical = opened(type.getDeclaredConstructor(parameters));
      return MethodHandles.lookup()
          .unreflectConstructor(canonical)
          .asSpreader(Object[].class, parameters.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every record has a canonical constructor: " + type, e);
    }
  }

  /** Records may well be private; that they are encoded is what their author asked for. */
  private static <M extends AccessibleObject & java.lang.reflect.Member> M opened(M member) {
    try {
      member.setAccessible(true);
      return member;
    } catch (InaccessibleObjectException e) {
      Class<?> type = member.getDeclaringClass();
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be looked into: let its module say 'opens "
              + type.getPackageName()
              + "'",
          e);
    }
  }

  private IllegalArgumentException refused(Type type) {
    return new IllegalArgumentException(
        place
            + " is a "
            + type.getTypeName()
            + ", which has no canonical encoding: "
            + wayOut(type, raw(type)));
  }

  private static String wayOut(Type type, Class<?> raw) {
    if (raw == byte[].class) {
      return "bytes are equal to none but themselves; make it a Digest, or a String";
    }
    if (raw.isArray() || type instanceof GenericArrayType) {
      return "arrays are equal to none but themselves; make it a List";
    }
    if (Map.class.isAssignableFrom(raw)) {
      return "make it a SortedMap of known types";
    }
    if (Set.class.isAssignableFrom(raw)) {
      return "make it a SortedSet of a known type";
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return "make it a List of a known type";
    }
    return "make it a record, a sealed interface of records, an enum, a String or a number";
  }

  private static Map<Class<?>, Shape.Word> words() {
    Map<Class<?>, Shape.Word> words = new HashMap<>();
    put(words, String.class, String.class, word -> word);
    put(words, boolean.class, Boolean.class, Boolean::valueOf);
    put(words, char.class, Character.class, Shaping::single);
    put(words, byte.class, Byte.class, Byte::valueOf);
    put(words, short.class, Short.class, Short::valueOf);
    put(words, int.class, Integer.class, Integer::valueOf);
    put(words, long.class, Long.class, Long::valueOf);
    put(words, float.class, Float.class, Float::valueOf);
    put(words, double.class, Double.class, Double::valueOf);
    put(words, Digest.class, Digest.class, Digest::parse);
    return words;
  }

  private static void put(
      Map<Class<?>, Shape.Word> words, Class<?> a, Class<?> b, Function<String, Object> parse) {
    words.put(a, new Shape.Word(a.getName(), Object::toString, parse));
    words.put(b, new Shape.Word(b.getName(), Object::toString, parse));
  }

  private static char single(String word) {
    if (word.length() != 1) {
      throw new IllegalArgumentException("not one character: " + word.length());
    }
    return word.charAt(0);
  }
}
