package dev.bricolage.acceptance;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/**
 * Tools of the user's own, which scripts are, in a folder of the machine that is shown with {@code
 * --ro}, and a checkout whose {@code bric.toml} names them.
 */
final class OwnTools {
  private final Checkout checkout;
  private final Checkout sdk;
  private int turn;

  OwnTools(Installation bric) throws Exception {
    checkout = bric.checkout();
    sdk = bric.checkout();
  }

  Checkout checkout() {
    return checkout;
  }

  /** The shell script under this name, now the only tool that is added. */
  Path tool(String name, String script) throws Exception {
    write(name, script);
    Path tool = sdk.root().toRealPath().resolve(name);
    checkout.write("bric.toml", "[tools]\nadd = [\"" + tool + "\"]\n");
    return tool;
  }

  /** The same tool with another script. */
  void write(String name, String script) throws Exception {
    sdk.write(name, "#!/bin/sh\n" + script + "\n").mode(name, "rwxr-xr-x");
    Grain.passes();
  }

  /** Runs the script, which is another one each time, though it does the same. */
  Answer run(String script) throws Exception {
    String ro = sdk.root().toRealPath().toString();
    return checkout.run(List.of("--ro", ro), script + "\n: " + turn++);
  }

  /** What became of the tools: their answers, with the reasons of those that are not kept. */
  static List<String> tools(Answer answer) {
    return answer.run().getAsJsonArray("tools").asList().stream()
        .map(tool -> (JsonObject) tool)
        .map(tool ->
            tool.get("answer").getAsString()
                + tool.get("forgotten").getAsString().replaceFirst("^(?=.)", ": "))
        .toList();
  }
}
