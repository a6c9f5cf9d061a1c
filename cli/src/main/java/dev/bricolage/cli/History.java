package dev.bricolage.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import dev.bricolage.store.Runs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The runs of the past, newest first. */
final class History {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final Gson PRETTY =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();
  private static final int SEARCHED = 1000;

  private final Runs runs;

  History(Runs runs) {
    this.runs = runs;
  }

  /** A record and its number. */
  record Numbered(long id, RunRecord run) {}

  long add(RunRecord run) {
    return runs.append(JSON.toJson(run).getBytes(StandardCharsets.UTF_8));
  }

  List<Numbered> newest(int limit) {
    List<Numbered> found = new ArrayList<>();
    for (Runs.Run run : runs.newest(limit)) {
      read(run.record()).ifPresent(record -> found.add(new Numbered(run.id(), record)));
    }
    return found;
  }

  Optional<Numbered> get(long id) {
    return runs.get(id).flatMap(History::read).map(run -> new Numbered(id, run));
  }

  /** The last run like this in the workspace that holds this folder. */
  Optional<Numbered> lastIn(String directory, Predicate<RunRecord> meant) {
    long last = runs.newest(1).stream().mapToLong(Runs.Run::id).findFirst().orElse(0);
    // One by one: the records of large builds are large.
    return LongStream.iterate(last, id -> id > Math.max(0, last - SEARCHED), id -> id - 1)
        .mapToObj(this::get)
        .flatMap(Optional::stream)
        .filter(entry ->
            directory.equals(entry.run().workspace())
                || directory.startsWith(entry.run().workspace() + "/"))
        .filter(entry -> meant.test(entry.run()))
        .findFirst();
  }

  /** One line. */
  static String json(Object value) {
    return JSON.toJson(value) + "\n";
  }

  /** For people and programs. */
  static String pretty(Object value) {
    return PRETTY.toJson(value) + "\n";
  }

  private static Optional<RunRecord> read(byte[] bytes) {
    try {
      @Nullable RunRecord run =
          JSON.fromJson(new String(bytes, StandardCharsets.UTF_8), RunRecord.class);
      return Optional.ofNullable(run);
    } catch (JsonSyntaxException damaged) {
      return Optional.empty();
    }
  }
}
