package dev.bricolage.memo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A sealed interface: the record's name before its components, as in {@code Circle(1 2 3)}. */
final class VariantShape implements Shape {
  private final String name;
  private final Map<Class<?>, String> names = new LinkedHashMap<>();
  private final Map<String, RecordShape> records = new TreeMap<>();

  /** An interface whose records are not known yet, because they may hold one of its own type. */
  VariantShape(String name) {
    this.name = name;
  }

  /** The records behind it, all of them. Where two have one simple name, their full ones count. */
  void consistsOf(List<RecordShape> variants) {
    for (RecordShape variant : variants) {
      String simple = variant.simpleName();
      boolean shared = variants.stream().filter(v -> v.simpleName().equals(simple)).count() > 1;
      String called = shared ? variant.type().getName() : simple;
      names.put(variant.type(), called);
      records.put(called, variant);
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** Its name, and those of the records behind it. */
  @Override
  public String text() {
    StringBuilder text = new StringBuilder(name).append('=');
    records.forEach(
        (called, record) -> text.append(called).append('=').append(record.name()).append('|'));
    return text.toString();
  }

  @Override
  public void write(Object value, WordWriter out) {
    String called = names.getOrDefault(value.getClass(), "");
    RecordShape record = variant(called);
    out.open(called);
    record.writeParts(value, out);
    out.close(')');
  }

  @Override
  public Object read(WordReader in) {
    RecordShape record = variant(in.open());
    Object value = record.readParts(in);
    in.close(')');
    return value;
  }

  private RecordShape variant(String called) {
    RecordShape record = records.get(called);
    if (record == null) {
      throw new IllegalArgumentException("no record of " + name + " is called '" + called + "'");
    }
    return record;
  }
}
