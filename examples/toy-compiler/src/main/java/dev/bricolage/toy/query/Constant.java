package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.machine.Folding;
import dev.bricolage.toy.syntax.Definition;
import java.util.Map;
import java.util.stream.Collectors;

/** The value of a constant. A division by zero is its failure. */
public record Constant(String file, String name) implements Stage<Constant.Value> {
  /** A number. */
  public record Value(long number) {}

  @Override
  public Value run(Fetch fetch) throws InterruptedException {
    if (!(fetch.fetch(new Syntax(file, name)) instanceof Definition.Constant constant)) {
      throw new IllegalArgumentException(name + " in " + file + " is no constant");
    }
    Homes homes = new Homes(file, constant.constants());
    return new Value(Folding.value(constant.value(), numbers(homes.each(fetch, Constant::new))));
  }

  static Map<String, Long> numbers(Map<String, Value> values) {
    return values.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, value -> value.getValue().number()));
  }

  @Override
  public Codec<Value> valueCodec() {
    return Codec.ofRecord(Value.class);
  }
}
