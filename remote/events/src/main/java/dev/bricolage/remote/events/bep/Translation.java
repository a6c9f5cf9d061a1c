package dev.bricolage.remote.events.bep;

import com.google.protobuf.ByteString;
import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.action.event.Product;
import dev.bricolage.action.event.Target;
import dev.bricolage.remote.protocol.Bep.ActionExecuted;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import dev.bricolage.remote.protocol.Bep.BuildEventId;
import dev.bricolage.remote.protocol.Bep.Configuration;
import dev.bricolage.remote.protocol.Bep.File;
import dev.bricolage.remote.protocol.Bep.NamedSetOfFiles;
import dev.bricolage.remote.protocol.Bep.OutputGroup;
import dev.bricolage.remote.protocol.Bep.PatternExpanded;
import dev.bricolage.remote.protocol.Bep.TargetComplete;
import dev.bricolage.remote.protocol.Bep.TargetConfigured;
import dev.bricolage.remote.protocol.Failures.FailureDetail;
import dev.bricolage.remote.protocol.Failures.Spawn;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns what happens during one invocation into Bazel's build events. For one thread. */
public final class Translation {
  /** Files in a set, and text of an action: a message shall stay far below gRPC's 4 MiB. */
  private static final int MOST_FILES = 1000;

  private static final int MOST_OUTPUT = 1 << 16;
  private static final int MOST_COMMAND = 1 << 17;

  private final Invocation invocation;
  private final boolean allActions;
  private final Addresses addresses;
  private final Chain chain;
  private final Tally tally = new Tally();
  private final LastLine said = new LastLine();
  private final Map<String, BuildEventId> failed = new HashMap<>();
  private final Map<BuildEventId, Integer> uses = new HashMap<>();
  private Optional<Labels> places = Optional.empty();
  private boolean understood;
  private int sets;

  /**
   * A translation.
   *
   * @param allActions whether actions that went well are told of, too
   * @param out gets the events in their order
   */
  public Translation(
      Invocation invocation, boolean allActions, Addresses addresses, Consumer<BuildEvent> out) {
    this.invocation = invocation;
    this.allActions = allActions;
    this.addresses = addresses;
    this.chain = new Chain(out);
  }

  /** Something has happened. */
  public void hear(Event event) {
    switch (event) {
      case Event.Located(String workspace) -> open(workspace);
      case Event.Understood what -> understood(what.targets());
      case Event.Performed action -> performed(action);
      case Event.Came target -> came(target);
      case Event.Printed(boolean stderr, byte[] text) -> {
        said.add(text);
        chain.printed(stderr, text);
      }
    }
  }

  /** Whether something printed waits until something else happens, or {@link #flush} is called. */
  public boolean hasText() {
    return chain.hasText();
  }

  /** What was printed goes out. */
  public void flush() {
    chain.flush();
  }

  /** The invocation has ended; nothing is heard any more. */
  public void end(End end) {
    labels();
    new Closing(end, invocation.began(), understood, said.line()).post(chain, tally);
  }

  private Labels open(String workspace) {
    Labels labels = new Labels(workspace);
    if (places.isEmpty()) {
      places = Optional.of(labels);
      new Opening(invocation, workspace).post(chain);
    }
    return labels;
  }

  private Labels labels() {
    return places.orElseGet(() -> open(invocation.directory()));
  }

  private void understood(List<Target> targets) {
    Map<String, Target> labelled = new LinkedHashMap<>();
    targets.forEach(target -> labelled.putIfAbsent(labels().of(target), target));
    understood = true;
    tally.targets(labelled.size());
    String cpu = System.getProperty("os.arch", "");
    chain.post(
        Ids.CONFIGURED,
        BuildEvent.newBuilder()
            .setConfiguration(
                Configuration.newBuilder()
                    .setMnemonic(cpu + "-sandbox")
                    .setPlatformName("linux-" + cpu)
                    .setCpu(cpu)));
    BuildEvent.Builder pattern =
        BuildEvent.newBuilder().setExpanded(PatternExpanded.getDefaultInstance());
    labelled.keySet().forEach(label -> pattern.addChildren(Ids.configured(label)));
    chain.post(Opening.pattern(invocation), pattern);
    labelled.forEach((label, target) ->
        chain.post(
            Ids.configured(label),
            BuildEvent.newBuilder()
                .addChildren(Ids.completed(label))
                .setConfigured(TargetConfigured.newBuilder().setTargetKind(kind(target)))));
  }

  private static String kind(Target target) {
    return target.kind().isEmpty() ? "source file" : target.kind() + " rule";
  }

  private void performed(Event.Performed action) {
    tally.count(action);
    String label = labels().of(action.owner());
    if (!allActions && !action.failed()) {
      return;
    }
    BuildEventId id = unused(primary(action), label);
    if (action.failed()) {
      failed.put(label, id);
    }
    chain.post(id, BuildEvent.newBuilder().setAction(executed(action, label)));
  }

  private String primary(Event.Performed action) {
    return action.outputs().isEmpty()
        ? action.kind()
        : labels().output(action.outputs().getFirst());
  }

  /** A generator may have to run more than once in one build, and tools have names only. */
  private BuildEventId unused(String primary, String label) {
    BuildEventId id = Ids.action(primary, label);
    int times = uses.merge(id, 1, Integer::sum);
    return times == 1 ? id : Ids.action(primary + "#" + times, label);
  }

  private ActionExecuted executed(Event.Performed action, String label) {
    ActionExecuted.Builder executed =
        ActionExecuted.newBuilder()
            .setSuccess(!action.failed())
            .setType(action.kind())
            .setExitCode(action.status())
            .setLabel(label)
            .setConfiguration(Ids.CONFIGURATION)
            .addAllCommandLine(brief(action.command()));
    action
        .when()
        .ifPresent(span ->
            executed
                .setStartTime(Opening.timestamp(span.began()))
                .setEndTime(Opening.timestamp(span.ended())));
    if (action.output().length > 0) {
      executed.setStdout(File.newBuilder().setName("stdout").setContents(brief(action.output())));
    }
    if (action.failed()) {
      executed.setFailureDetail(
          FailureDetail.newBuilder()
              .setMessage("exit status " + action.status())
              .setSpawn(
                  Spawn.newBuilder()
                      .setCode(Spawn.Code.NON_ZERO_EXIT)
                      .setSpawnExitCode(action.status())));
    } else if (!action.outputs().isEmpty()) {
      executed.setPrimaryOutput(file(new Product(action.outputs().getFirst(), Optional.empty())));
    }
    return executed.build();
  }

  private static List<String> brief(List<String> words) {
    long length = words.stream().mapToLong(String::length).sum();
    return length <= MOST_COMMAND
        ? words
        : List.of(words.getFirst().substring(0, Math.min(words.getFirst().length(), 4096)), "...");
  }

  private static ByteString brief(byte[] output) {
    if (output.length <= MOST_OUTPUT) {
      return ByteString.copyFrom(output);
    }
    int rest = output.length - MOST_OUTPUT;
    byte[] cut = ("\n... and " + rest + " more bytes\n").getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(output, 0, MOST_OUTPUT).concat(ByteString.copyFrom(cut));
  }

  private File file(Product product) {
    File.Builder file =
        File.newBuilder().setName(labels().output(product.path())).setUri(addresses.of(product));
    product.digest().ifPresent(d -> file.setDigest(d.hex()).setLength(d.size()));
    return file.build();
  }

  private void came(Event.Came came) {
    String label = labels().of(came.target());
    if (chain.isPosted(Ids.completed(label))) {
      return;
    }
    BuildEvent.Builder event = BuildEvent.newBuilder();
    TargetComplete.Builder complete =
        TargetComplete.newBuilder().setSuccess(came.well()).setTargetKind(kind(came.target()));
    if (came.well()) {
      tally.count(came.made());
      complete.addOutputGroup(group(came.made()));
    } else {
      for (Target culprit : came.culprits()) {
        Optional.ofNullable(failed.get(labels().of(culprit))).ifPresent(event::addChildren);
      }
      complete.setFailureDetail(
          FailureDetail.newBuilder()
              .setMessage("not made")
              .setSpawn(Spawn.newBuilder().setCode(Spawn.Code.NON_ZERO_EXIT)));
    }
    chain.post(Ids.completed(label), event.setCompleted(complete));
  }

  private OutputGroup group(List<Product> made) {
    OutputGroup.Builder group = OutputGroup.newBuilder().setName("default");
    for (int from = 0; from < made.size(); from += MOST_FILES) {
      BuildEventId id = Ids.files("" + sets++);
      NamedSetOfFiles.Builder files = NamedSetOfFiles.newBuilder();
      made.stream().skip(from).limit(MOST_FILES).forEach(product -> files.addFiles(file(product)));
      chain.post(id, BuildEvent.newBuilder().setNamedSetOfFiles(files));
      group.addFileSets(id.getNamedSet());
    }
    return group.build();
  }
}
