package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.machine.Assembly;
import dev.bricolage.toy.machine.Generator;
import dev.bricolage.toy.syntax.Definition;
import java.util.Map;
import java.util.stream.Collectors;

/** The code of a function that passes its check. */
public record Code(String file, String name) implements Stage<Assembly> {
  @Override
  public Assembly run(Fetch fetch) throws InterruptedException {
    Definition definition = fetch.fetch(new Syntax(file, name));
    if (!fetch.fetch(new Check(file, name)).none()
        || !(definition instanceof Definition.Function function)) {
      throw new IllegalArgumentException(name + " in " + file + " is no function to make code of");
    }
    Map<String, String> called =
        fetch.fetch(new Homes(file, function.calls())).homes().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, c -> symbol(c.getValue(), c.getKey())));
    Homes constants = new Homes(file, function.constants());
    return Generator.assembly(
        function, called, Constant.numbers(constants.each(fetch, Constant::new)));
  }

  /** What a function is called in the whole program. */
  public static String symbol(String file, String name) {
    return file.substring(0, file.length() - ".toy".length()) + "." + name;
  }

  @Override
  public Codec<Assembly> valueCodec() {
    return Codec.ofRecord(Assembly.class);
  }
}
