package dev.bricolage.fuzz;

import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.HostFacts;
import dev.bricolage.execute.InnerMemory;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.memo.Traces;
import dev.bricolage.memo.View;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.store.Blobs;
import dev.bricolage.store.ForwardingBlobs;
import dev.bricolage.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A fault in the memory of inner runs: the fuzzer must find each. */
enum ToolMutant {
  /** No fault. */
  NONE,
  /** What a tool looked for in vain is not recorded: a header created earlier on the path. */
  BLIND_TO_ABSENCE,
  /** Of headers only their being there is recorded. */
  BLIND_TO_HEADERS,
  /** Sources are. */
  BLIND_TO_SOURCES,
  /** An archive that is added to counts as new. */
  BLIND_TO_ARCHIVES,
  /** What the build itself made is not asked about. */
  BLIND_TO_OBJECTS,
  /** Links are not asked about. */
  BLIND_TO_LINKS,
  /** One question in six is lost, always the same ones. */
  FORGETS_SOME,
  /** Variables are not part of the key: {@code CPATH}. */
  KEY_WITHOUT_VARIABLES,
  /** Nor is the current folder, nor the variable in which a shell tells it. */
  KEY_WITHOUT_FOLDER,
  /** Nor what is on standard input. */
  KEY_WITHOUT_INPUT,
  /** Nor options that define macros. */
  KEY_WITHOUT_MACROS,
  /** A hit removes nothing. */
  KEEPS_WHAT_IS_DELETED,
  /** A hit leaves out the last of several outputs. */
  LOSES_AN_OUTPUT,
  /** A hit makes nothing executable. */
  LOSES_EXECUTE_BITS,
  /** A hit prints nothing. */
  SILENT,
  /** What failed succeeds when it is remembered. */
  FORGIVING;

  /** The memory over this store, as this mutant has it. */
  InnerMemory memory(Store store) {
    return new InnerMemory(
        new Forgetting(new TraceMemory(store.traces())),
        new Lying(store.blobs()),
        new HostFacts(store.files()),
        store.files(),
        this::key);
  }

  private Command key(Command command) {
    SortedMap<String, String> platform = new TreeMap<>(command.platform());
    platform.remove("inner-input");
    return switch (this) {
      case KEY_WITHOUT_VARIABLES ->
          new Command(
              command.arguments(), new TreeMap<>(), command.directory(), command.platform());
      case KEY_WITHOUT_FOLDER ->
          new Command(command.arguments(), elsewhere(command), "/", command.platform());
      case KEY_WITHOUT_INPUT ->
          new Command(command.arguments(), command.environment(), command.directory(), platform);
      case KEY_WITHOUT_MACROS ->
          new Command(
              command.arguments().stream().filter(word -> !word.startsWith("-D")).toList(),
              command.environment(),
              command.directory(),
              command.platform());
      default -> command;
    };
  }

  private static SortedMap<String, String> elsewhere(Command command) {
    SortedMap<String, String> environment = new TreeMap<>(command.environment());
    environment.remove("PWD");
    return environment;
  }

  private boolean loses(Step step) {
    String path = step.question().subject();
    boolean content = step.question().kind().equals("content");
    return switch (this) {
      case BLIND_TO_ABSENCE -> step.answer().equals("absent");
      case BLIND_TO_HEADERS -> content && path.startsWith("/build/") && path.endsWith(".h");
      case BLIND_TO_SOURCES -> content && path.startsWith("/build/") && path.endsWith(".c");
      case BLIND_TO_ARCHIVES -> path.startsWith("/build/") && path.endsWith(".a");
      case BLIND_TO_OBJECTS -> path.startsWith("/build/") && path.endsWith(".o");
      case BLIND_TO_LINKS -> step.answer().startsWith("link to ");
      case FORGETS_SOME -> Math.floorMod(path.hashCode(), 6) == 0;
      default -> false;
    };
  }

  private Outcome lie(Outcome told) {
    SortedMap<TreePath, Entry> changes = new TreeMap<>(told.changes());
    int code = told.exitCode();
    List<TreePath> deleted = told.deleted();
    List<Outcome.Span> console = told.console();
    switch (this) {
      case LOSES_AN_OUTPUT -> {
        if (changes.size() > 1) {
          changes.remove(changes.lastKey());
        }
      }
      case LOSES_EXECUTE_BITS ->
          changes.replaceAll((path, entry) ->
              entry instanceof Entry.File file ? new Entry.File(file.digest(), false) : entry);
      case KEEPS_WHAT_IS_DELETED -> deleted = List.of();
      case SILENT -> console = List.of();
      case FORGIVING -> code = 0;
      default -> {}
    }
    return new Outcome(
        code, changes, told.rewritten(), deleted, told.stdout(), told.stderr(), console);
  }

  /** Traces without what the mutant loses. */
  private final class Forgetting implements Traces {
    private final Traces real;

    Forgetting(Traces real) {
      this.real = real;
    }

    @Override
    public Recall recall(Question key, Trace.Order order, View view)
        throws IOException, InterruptedException {
      return real.recall(key, order, view);
    }

    @Override
    public Optional<String> record(Trace trace) {
      List<Step> kept = trace.steps().stream().filter(step -> !loses(step)).toList();
      return real.record(new Trace(trace.key(), kept, trace.value()));
    }
  }

  /** Blobs of which those that are outcomes are read as the mutant tells them. */
  private final class Lying extends ForwardingBlobs {
    Lying(Blobs real) {
      super(real);
    }

    @Override
    public Digest put(byte[] bytes) {
      try {
        Outcome outcome = Outcome.decode(bytes);
        boolean isOutcome = java.util.Arrays.equals(outcome.encode(), bytes) && bytes.length > 0;
        return super.put(isOutcome ? lie(outcome).encode() : bytes);
      } catch (IllegalArgumentException notOne) {
        return super.put(bytes);
      }
    }
  }
}
