package dev.bricolage.fronts.run;

import dev.bricolage.action.Digest;
import dev.bricolage.action.Entry;
import dev.bricolage.action.Outcome;
import dev.bricolage.action.TreePath;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Listener;
import dev.bricolage.action.event.Product;
import dev.bricolage.action.event.Target;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.InnerRun;
import dev.bricolage.execute.Runs;
import dev.bricolage.store.Blobs;
import dev.bricolage.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a listener of a run: the command is the target, the tools inside it and itself are what is
 * performed, its outputs are what is made.
 */
final class Herald {
  private static final String KIND = "command";

  /** So much of what a command wrote is told; all of it was printed, too. */
  private static final int MOST_OUTPUT = 1 << 16;

  /** SIGHUP, SIGINT, SIGTERM: it was ended, and has not failed. */
  private static final Set<Integer> ENDED = Set.of(1, 2, 15);

  private final Listener listener;
  private final Workspace workspace;
  private final List<String> command;
  private final Target target;
  private final Instant began = Instant.now();

  /** Of a command in this folder. */
  Herald(Listener listener, Workspace workspace, Path folder, List<String> command) {
    this.listener = listener;
    this.workspace = workspace;
    this.command = command;
    this.target = new Target(folder + "/" + program(command), KIND);
  }

  private static String program(List<String> command) {
    return command.isEmpty() ? "" : command.getFirst().replaceFirst(".*/", "");
  }

  /** It begins. */
  void begin() {
    listener.hear(new Event.Located(workspace.root().toString()));
    listener.hear(new Event.Understood(List.of(target)));
  }

  /** It is answered, and its outputs are at home. */
  void ended(Runs.Answered answered, Blobs blobs) throws IOException {
    if (listener.equals(Listener.NOBODY)) {
      return;
    }
    if (answered instanceof Runs.Answered.Ran ran) {
      ran.execution().tools().forEach(this::tool);
      performed(ran.execution(), blobs);
      if (ran.execution().ending() instanceof Execution.Ending.Killed(int signal)
          && ENDED.contains(signal)) {
        return;
      }
    } else {
      listener.hear(
          action(answered.outcome(), Event.How.REMEMBERED, began, Instant.now(), new byte[0]));
    }
    boolean well = answered.outcome().exitCode() == 0;
    listener.hear(
        new Event.Came(
            target, well, products(answered.outcome()), well ? List.of() : List.of(target)));
  }

  private void performed(Execution execution, Blobs blobs) throws IOException {
    Instant started =
        Instant.ofEpochSecond(
            execution.startedAt() / 1_000_000_000, execution.startedAt() % 1_000_000_000);
    Outcome outcome = execution.outcome();
    byte[] output = outcome.exitCode() == 0 ? new byte[0] : output(outcome, blobs);
    listener.hear(
        action(outcome, Event.How.RAN, started, started.plus(execution.duration()), output));
  }

  private Event.Performed action(
      Outcome outcome, Event.How how, Instant start, Instant end, byte[] output) {
    return new Event.Performed(
        target,
        products(outcome).stream().map(Product::path).toList(),
        program(command),
        command,
        outcome.exitCode(),
        how,
        Optional.of(new Event.Span(start, end)),
        output);
  }

  /** When it ran within the command is not known, nor how it came out: the command knows that. */
  private void tool(InnerRun tool) {
    listener.hear(
        new Event.Performed(
            target,
            output(tool.argv()),
            program(tool.argv()),
            tool.argv(),
            0,
            tool.remembered() ? Event.How.REMEMBERED : Event.How.RAN,
            Optional.empty(),
            new byte[0]));
  }

  /** What compilers and their like are told to make. */
  private static List<String> output(List<String> argv) {
    int option = argv.indexOf("-o");
    return option < 0 || option + 1 == argv.size() ? List.of() : List.of(argv.get(option + 1));
  }

  private List<Product> products(Outcome outcome) {
    List<Product> files = new ArrayList<>();
    for (Map.Entry<TreePath, Entry> change : outcome.changes().entrySet()) {
      if (!(change.getValue() instanceof Entry.Folder)) {
        Optional<Digest> digest =
            change.getValue() instanceof Entry.File file
                ? Optional.of(file.digest())
                : Optional.empty();
        files.add(new Product(workspace.resolve(change.getKey()).toString(), digest));
      }
    }
    return files;
  }

  private static byte[] output(Outcome outcome, Blobs blobs) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (InputStream stdout = blobs.open(outcome.stdout()).orElseThrow();
        InputStream stderr = blobs.open(outcome.stderr()).orElseThrow()) {
      for (Outcome.Span span : outcome.console()) {
        int room = (int) Math.min(span.length(), MOST_OUTPUT - all.size());
        all.write((span.stderr() ? stderr : stdout).readNBytes(room));
      }
    }
    return all.toByteArray();
  }
}
