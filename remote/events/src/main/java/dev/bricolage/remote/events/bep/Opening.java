package dev.bricolage.remote.events.bep;

import com.google.protobuf.Timestamp;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import dev.bricolage.remote.protocol.Bep.BuildEventId;
import dev.bricolage.remote.protocol.Bep.BuildMetadata;
import dev.bricolage.remote.protocol.Bep.BuildStarted;
import dev.bricolage.remote.protocol.Bep.OptionsParsed;
import dev.bricolage.remote.protocol.Bep.UnstructuredCommandLine;
import dev.bricolage.remote.protocol.Bep.WorkspaceConfig;
import dev.bricolage.remote.protocol.Bep.WorkspaceStatus;
import dev.bricolage.remote.protocol.CommandLines.ChunkList;
import dev.bricolage.remote.protocol.CommandLines.CommandLine;
import dev.bricolage.remote.protocol.CommandLines.CommandLineSection;
import dev.bricolage.remote.protocol.CommandLines.Option;
import dev.bricolage.remote.protocol.CommandLines.OptionList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events that say what was asked. */
record Opening(Invocation invocation, String workspace) {
  private static final String ORIGINAL = "original";
  private static final String CANONICAL = "canonical";

  void post(Chain chain) {
    chain.begin(Ids.STARTED, started());
    chain.post(
        Ids.METADATA,
        BuildEvent.newBuilder()
            .setBuildMetadata(BuildMetadata.newBuilder().putAllMetadata(invocation.metadata())));
    chain.post(
        Ids.UNSTRUCTURED,
        BuildEvent.newBuilder()
            .setUnstructuredCommandLine(UnstructuredCommandLine.newBuilder().addAllArgs(words())));
    for (String label : List.of(ORIGINAL, CANONICAL)) {
      chain.post(
          Ids.structured(label),
          BuildEvent.newBuilder().setStructuredCommandLine(commandLine(label)));
    }
    chain.post(
        Ids.OPTIONS,
        BuildEvent.newBuilder()
            .setOptionsParsed(
                OptionsParsed.newBuilder()
                    .addAllCmdLine(invocation.options())
                    .addAllExplicitCmdLine(invocation.options())));
    chain.post(Ids.STATUS, BuildEvent.newBuilder().setWorkspaceStatus(status()));
    chain.post(
        Ids.WORKSPACE,
        BuildEvent.newBuilder()
            .setWorkspaceInfo(WorkspaceConfig.newBuilder().setLocalExecRoot(workspace)));
  }

  /** The name of the event that says what the words mean. */
  static BuildEventId pattern(Invocation invocation) {
    return Ids.pattern(invocation.asked().isEmpty() ? List.of("default") : invocation.asked());
  }

  static Timestamp timestamp(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  private BuildEvent.Builder started() {
    return BuildEvent.newBuilder()
        .addChildren(Ids.METADATA)
        .addChildren(Ids.UNSTRUCTURED)
        .addChildren(Ids.structured(ORIGINAL))
        .addChildren(Ids.structured(CANONICAL))
        .addChildren(Ids.OPTIONS)
        .addChildren(Ids.STATUS)
        .addChildren(pattern(invocation))
        .addChildren(Ids.FINISHED)
        .setStarted(
            BuildStarted.newBuilder()
                .setUuid(invocation.id().toString())
                .setStartTimeMillis(invocation.began().toEpochMilli())
                .setStartTime(timestamp(invocation.began()))
                .setBuildToolVersion(invocation.tool())
                .setOptionsDescription(String.join(" ", invocation.options()))
                .setCommand(invocation.verb())
                .setWorkingDirectory(invocation.directory())
                .setWorkspaceDirectory(workspace)
                .setServerPid(invocation.process())
                .setHost(invocation.host())
                .setUser(invocation.user()));
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("bric", invocation.verb()));
    words.addAll(invocation.options());
    words.addAll(invocation.asked());
    return words;
  }

  private CommandLine commandLine(String label) {
    OptionList.Builder options = OptionList.newBuilder();
    invocation.options().forEach(option -> options.addOption(option(option)));
    return CommandLine.newBuilder()
        .setCommandLineLabel(label)
        .addSections(section("executable", List.of("bric")))
        .addSections(section("command", List.of(invocation.verb())))
        .addSections(
            CommandLineSection.newBuilder()
                .setSectionLabel("command options")
                .setOptionList(options))
        .addSections(section("residual", invocation.asked()))
        .build();
  }

  private static CommandLineSection section(String label, List<String> chunks) {
    return CommandLineSection.newBuilder()
        .setSectionLabel(label)
        .setChunkList(ChunkList.newBuilder().addAllChunk(chunks))
        .build();
  }

  private static Option option(String written) {
    String bare = written.replaceFirst("^--?", "");
    int end = bare.indexOf('=');
    return Option.newBuilder()
        .setCombinedForm(written)
        .setOptionName(end < 0 ? bare : bare.substring(0, end))
        .setOptionValue(end < 0 ? "" : bare.substring(end + 1))
        .build();
  }

  private WorkspaceStatus status() {
    return WorkspaceStatus.newBuilder()
        .addItem(item("BUILD_EMBED_LABEL", ""))
        .addItem(item("BUILD_HOST", invocation.host()))
        .addItem(item("BUILD_TIMESTAMP", "" + invocation.began().getEpochSecond()))
        .addItem(item("BUILD_USER", invocation.user()))
        .build();
  }

  private static WorkspaceStatus.Item item(String key, String value) {
    return WorkspaceStatus.Item.newBuilder().setKey(key).setValue(value).build();
  }
}
