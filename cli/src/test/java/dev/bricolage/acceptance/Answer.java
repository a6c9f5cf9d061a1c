package dev.bricolage.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bricolage.cli.Bric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one {@code bric run} came to, and what is expected of it.
 *
 * @param outcome what the client printed and its status
 * @param file what {@code --json} wrote, if it wrote
 */
record Answer(Bric.Outcome outcome, Optional<JsonObject> file) {
  Answer isRemembered() {
    assertEquals("remembered", run().get("answer").getAsString(), this::toString);
    return this;
  }

  /** It ran; {@code why} is {@code first time}, {@code fresh}, {@code lost} or {@code differs}. */
  Answer ran(String why) {
    assertEquals("ran", run().get("answer").getAsString(), this::toString);
    assertEquals(why, run().get("why").getAsString(), this::toString);
    return this;
  }

  /** It ran because just these questions had other answers, as {@code content /build/a.c}. */
  Answer ranBecause(String... questions) {
    ran("differs");
    List<String> found = new ArrayList<>();
    for (JsonElement element : run().getAsJsonArray("differences")) {
      JsonObject difference = element.getAsJsonObject();
      found.add(
          difference.get("question").getAsString() + " " + difference.get("path").getAsString());
    }
    assertEquals(List.of(questions), found, this::toString);
    return this;
  }

  Answer prints(String text) {
    assertEquals(text, outcome.stdout(), this::toString);
    return this;
  }

  Answer exits(int status) {
    assertEquals(status, outcome.status(), this::toString);
    return this;
  }

  /** It ran, and will run again, for this reason. */
  Answer isNotRememberedFor(String reason) {
    assertEquals("ran", run().get("answer").getAsString(), this::toString);
    assertEquals(reason, run().get("forgotten").getAsString(), this::toString);
    return this;
  }

  /** The client refused, with this status and message. */
  void isRefused(int status, String message) {
    assertEquals("bric: " + message + "\n", outcome.stderr());
    assertEquals(status, outcome.status());
  }

  List<String> notes() {
    return run().getAsJsonArray("notes").asList().stream().map(JsonElement::getAsString).toList();
  }

  long id() {
    return file.orElseThrow().get("id").getAsLong();
  }

  /** The run's record. */
  JsonObject run() {
    return file.map(whole -> whole.getAsJsonObject("run"))
        .orElseThrow(() -> new AssertionError("no record was written: " + outcome));
  }
}
