package dev.bricolage.memo;

import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record: its components, {@code (x y)}. */
final class RecordShape implements Shape {
  /** A component of a record. */
  record Part(String name, Shape shape, MethodHandle accessor) {}

  private final String name;
  private final Class<?> type;
  private final MethodHandle constructor;
  private Part[] parts = {};

  /**
   * A record whose components are not known yet, because they may be of its own type.
   *
   * @param name with its type arguments
   * @param constructor the canonical one, from an {@code Object[]} to an {@code Object}
   */
  RecordShape(String name, Class<?> type, MethodHandle constructor) {
    this.name = name;
    this.type = type;
    this.constructor = constructor;
  }

  /** Its components. Their accessors go from {@code Object} to {@code Object}. */
  void consistsOf(List<Part> components) {
    parts = components.toArray(Part[]::new);
  }

  @Override
  public String name() {
    return name;
  }

  /** The record's name in front of others of its kind, as in {@code Circle(1 2 3)}. */
  String simpleName() {
    return type.getSimpleName();
  }

  /** Its class. */
  Class<?> type() {
    return type;
  }

  /** Its name, and the names and types of its components. */
  @Override
  public String text() {
    StringBuilder text = new StringBuilder(name).append('(');
    for (Part part : parts) {
      text.append(part.name()).append(':').append(part.shape().name()).append(';');
    }
    return text.append(')').toString();
  }

  @Override
  public void write(Object value, WordWriter out) {
    out.open('(');
    writeParts(value, out);
    out.close(')');
  }

  /** Its components without the brackets; these alone tell that there are none. */
  void writeBare(Object value, WordWriter out) {
    if (parts.length == 0) {
      write(value, out);
    } else {
      writeParts(value, out);
    }
  }

  void writeParts(Object value, WordWriter out) {
    for (Part part : parts) {
      Object component = get(part, value);
      if (component == null) {
        throw new IllegalArgumentException(type.getSimpleName() + "." + part.name() + " is null");
      }
      part.shape().write(component, out);
    }
  }

  @Override
  public Object read(WordReader in) {
    in.open('(');
    Object value = readParts(in);
    in.close(')');
    return value;
  }

  Object readBare(WordReader in) {
    return parts.length == 0 ? read(in) : readParts(in);
  }

  Object readParts(WordReader in) {
    Object[] values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = parts[i].shape().read(in);
    }
    try {
      return constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException(type.getSimpleName() + " refuses it: " + e, e);
    }
  }

  private static @Nullable Object get(Part part, Object value) {
    try {
      return part.accessor().invokeExact(value);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException(part.name() + " cannot be had: " + e, e);
    }
  }
}
