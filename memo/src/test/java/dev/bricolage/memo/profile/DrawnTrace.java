package dev.bricolage.memo.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A written trace as a viewer reads it: strict JSON, then a stack of slices for each thread. */
final class DrawnTrace {
  /** A slice that was begun and ended. */
  record Drawn(long tid, String category, String name, int depth, JsonObject args) {}

  private final List<JsonObject> events = new ArrayList<>();
  private final List<Drawn> slices = new ArrayList<>();
  private final Map<Long, String> names = new HashMap<>();

  private DrawnTrace() {}

  /** Reads a trace; fails when it is no JSON or does not nest. */
  static DrawnTrace of(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    DrawnTrace drawn = new DrawnTrace();
    for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
      drawn.events.add(element.getAsJsonObject());
    }
    drawn.draw();
    return drawn;
  }

  List<JsonObject> marks(String name) {
    return events.stream()
        .filter(event -> text(event, "ph").equals("i") && text(event, "name").equals(name))
        .toList();
  }

  List<Drawn> slices() {
    return slices;
  }

  Map<Long, String> names() {
    return names;
  }

  private void draw() {
    Map<Long, Deque<JsonObject>> open = new HashMap<>();
    Map<Long, Double> times = new HashMap<>();
    for (JsonObject event : events) {
      long tid = event.get("tid").getAsLong();
      assertEquals(1, event.get("pid").getAsInt());
      if (text(event, "ph").equals("M")) {
        assertEquals("thread_name", text(event, "name"));
        assertTrue(
            names.put(tid, text(event.getAsJsonObject("args"), "name")) == null, "named twice");
        continue;
      }
      assertTrue(names.containsKey(tid), "a thread without a name: " + event);
      double ts = event.get("ts").getAsDouble();
      assertTrue(times.getOrDefault(tid, 0.0) <= ts, "time runs backwards: " + event);
      times.put(tid, ts);
      draw(event, open.computeIfAbsent(tid, id -> new ArrayDeque<>()));
    }
    open.forEach((tid, rest) -> assertTrue(rest.isEmpty(), "open at the end: " + rest));
  }

  private void draw(JsonObject event, Deque<JsonObject> open) {
    switch (text(event, "ph")) {
      case "B" -> open.push(event);
      case "E" -> {
        assertTrue(!open.isEmpty(), "an end without a beginning: " + event);
        JsonObject begun = open.pop();
        assertEquals(text(begun, "name"), text(event, "name"));
        assertEquals(text(begun, "cat"), text(event, "cat"));
        JsonObject args = event.has("args") ? event.getAsJsonObject("args") : new JsonObject();
        slices.add(
            new Drawn(
                event.get("tid").getAsLong(),
                text(event, "cat"),
                text(event, "name"),
                open.size(),
                args));
      }
      case "i" -> assertTrue(List.of("t", "g").contains(text(event, "s")), event::toString);
      default -> throw new AssertionError("no phase we write: " + event);
    }
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }
}
