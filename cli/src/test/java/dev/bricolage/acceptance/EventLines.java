package dev.bricolage.acceptance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A file of build events as a reader sees it that knows nothing of how it was written. */
record EventLines(List<JsonObject> events) {
  static EventLines of(String text) {
    return new EventLines(
        text.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList());
  }

  /** What is wrong by the protocol's rules, as far as it goes. */
  List<String> faultsOfBeginning() {
    List<String> faults = new ArrayList<>();
    Set<JsonElement> announced = new HashSet<>(Set.of(events.getFirst().get("id")));
    Set<JsonElement> posted = new HashSet<>();
    for (JsonObject event : events) {
      if (!announced.contains(event.get("id"))) {
        faults.add("unannounced: " + event.get("id"));
      }
      if (!posted.add(event.get("id"))) {
        faults.add("twice: " + event.get("id"));
      }
      announced.addAll(children(event));
    }
    return faults;
  }

  /** The same of one that must be whole. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(faultsOfBeginning());
    Set<JsonElement> missing = new LinkedHashSet<>();
    events.forEach(event -> missing.addAll(children(event)));
    events.forEach(event -> missing.remove(event.get("id")));
    missing.forEach(id -> faults.add("never comes: " + id));
    if (!events.getLast().has("lastMessage")) {
      faults.add("no last message");
    }
    return faults;
  }

  private static List<JsonElement> children(JsonObject event) {
    JsonArray children = event.getAsJsonArray("children");
    return children == null ? List.of() : children.asList();
  }

  /** The payloads of this name. */
  List<JsonObject> all(String payload) {
    return events.stream()
        .filter(event -> event.has(payload))
        .map(event -> event.getAsJsonObject(payload))
        .toList();
  }

  /** Of what came out well and badly, and of what did not come: {@code //:a well}. */
  List<String> targets() {
    List<String> targets = new ArrayList<>();
    for (JsonObject event : events) {
      JsonObject id = event.getAsJsonObject("id").getAsJsonObject("targetCompleted");
      if (id != null) {
        String label = id.get("label").getAsString();
        String how =
            event.has("aborted")
                ? event.getAsJsonObject("aborted").get("reason").getAsString()
                : event.getAsJsonObject("completed").has("success") ? "well" : "badly";
        targets.add(label + " " + how);
      }
    }
    return targets;
  }

  /** {@code SUCCESS}, {@code BUILD_FAILURE 1} and so on. */
  String exitCode() {
    JsonObject code = all("finished").getFirst().getAsJsonObject("exitCode");
    return code.get("name").getAsString() + (code.has("code") ? " " + code.get("code") : "");
  }
}
