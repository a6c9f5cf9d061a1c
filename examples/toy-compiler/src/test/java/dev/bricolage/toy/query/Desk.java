package dev.bricolage.toy.query;

import dev.bricolage.memo.Event;
import dev.bricolage.memo.Key;
import dev.bricolage.memo.Kinds;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.store.BlobValues;
import dev.bricolage.store.Store;
import dev.bricolage.toy.machine.Build;
import dev.bricolage.toy.syntax.Lexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sources in memory, a memo over them, and a list of what happens in it. */
final class Desk implements View {
  private static final Kinds QUESTIONS = Kinds.ofRecords(SourceText.class, SourceExists.class);

  private final Map<String, String> sources;
  private final List<Event> events = new ArrayList<>();
  private final Memo memo;

  private Desk(Map<String, String> sources, Function<Memo.Builder, Memo.Builder> more) {
    this.sources = new ConcurrentSkipListMap<>(sources);
    this.memo = more.apply(Memo.builder().view(this).listener(this::hear)).open();
  }

  /** Nothing outlasts it. */
  static Desk of(Map<String, String> sources) {
    return new Desk(sources, builder -> builder);
  }

  /** Over a store: what others left there is known here. */
  static Desk over(Store store, Map<String, String> sources) {
    return new Desk(
        sources,
        builder ->
            builder.traces(
                new TraceMemory(store.traces()), new BlobValues(store.blobs()), Stage.kinds()));
  }

  private synchronized void hear(Event event) {
    events.add(event);
  }

  @Override
  public List<String> answers(List<Question> questions) {
    return questions.stream().map(question -> answer(QUESTIONS.key(question))).toList();
  }

  private String answer(Optional<Key<?>> question) {
    return switch (question.orElse(null)) {
      case SourceExists key -> key.answer(sources.containsKey(key.file()));
      case SourceText key when sources.containsKey(key.file()) ->
          key.answer(sources.getOrDefault(key.file(), ""));
      case null, default -> UNANSWERABLE;
    };
  }

  /** Puts a file there, or another text into it. */
  void write(String file, String text) throws InterruptedException {
    sources.put(file, text);
    changed(file);
  }

  /** Another text in place of a part of a file that is there once. */
  void replace(String file, String part, String by) throws InterruptedException {
    String text = sources.getOrDefault(file, "");
    if (text.indexOf(part) < 0 || text.indexOf(part) != text.lastIndexOf(part)) {
      throw new IllegalArgumentException("not once in " + file + ": " + part);
    }
    write(file, text.replace(part, by));
  }

  void delete(String file) throws InterruptedException {
    sources.remove(file);
    changed(file);
  }

  private void changed(String file) throws InterruptedException {
    memo.edit(edit -> {
      edit.changed(new SourceText(file));
      edit.changed(new SourceExists(file));
    });
  }

  Map<String, String> sources() {
    return sources;
  }

  /** All files, checked and linked. */
  Build compile() throws InterruptedException {
    return memo.get(new Program(List.copyOf(sources.keySet())));
  }

  <V> V get(Key<V> key) throws InterruptedException {
    return memo.get(key);
  }

  /** The tasks that started since this was asked last, sorted. */
  synchronized List<String> ran() {
    return events.stream()
        .filter(event -> event instanceof Event.Started)
        .map(event -> name(((Event.Started) event).key()))
        .sorted()
        .toList();
  }

  /** Of those, the ones that gave the value they had before. */
  synchronized List<String> cutOff() {
    return events.stream()
        .filter(event -> event instanceof Event.Ran it && it.cutOff())
        .map(event -> name(((Event.Ran) event).key()))
        .sorted()
        .toList();
  }

  /** How many tasks of each stage ran, such as {@code Check 2, Code 1}. */
  synchronized String counts() {
    return ran().stream()
        .collect(
            Collectors.groupingBy(
                name -> name.substring(0, name.indexOf(' ')), TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(count -> count.getKey() + " " + count.getValue())
        .collect(Collectors.joining(", "));
  }

  synchronized int recalled() {
    return (int) events.stream().filter(event -> event instanceof Event.Recalled).count();
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** What happened up to here is not looked at any more. */
  synchronized Desk forget() {
    events.clear();
    return this;
  }

  private static String name(Key<?> key) {
    return key.getClass().getSimpleName() + " " + key.question().subject();
  }

  /** What is wrong, as it is printed. */
  static List<String> problems(Build build, Map<String, String> sources) {
    return switch (build) {
      case Build.Done _ -> List.of();
      case Build.Failed failed ->
          failed.findings().stream().map(found -> line(found, sources)).toList();
    };
  }

  private static String line(Build.Finding found, Map<String, String> sources) {
    String text = sources.getOrDefault(found.file(), "");
    int line = Lexer.line(text, found.problem().at());
    return found.file() + ":" + line + ": " + found.problem().message();
  }
}
