package dev.bricolage.remote.events.bep;

import dev.bricolage.remote.protocol.Bep.BuildEventId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.ActionCompletedId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.BuildFinishedId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.BuildMetadataId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.BuildMetricsId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.BuildStartedId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.BuildToolLogsId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.ConfigurationId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.NamedSetOfFilesId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.OptionsParsedId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.PatternExpandedId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.ProgressId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.StructuredCommandLineId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.TargetCompletedId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.TargetConfiguredId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.UnstructuredCommandLineId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.WorkspaceConfigId;
import dev.bricolage.remote.protocol.Bep.BuildEventId.WorkspaceStatusId;
import java.util.List;

/** The names of events. */
final class Ids {
  /** There is one: our commands are not made for several. */
  static final ConfigurationId CONFIGURATION = ConfigurationId.newBuilder().setId("bric").build();

  static final BuildEventId STARTED = id().setStarted(BuildStartedId.getDefaultInstance()).build();
  static final BuildEventId UNSTRUCTURED =
      id().setUnstructuredCommandLine(UnstructuredCommandLineId.getDefaultInstance()).build();
  static final BuildEventId OPTIONS =
      id().setOptionsParsed(OptionsParsedId.getDefaultInstance()).build();
  static final BuildEventId METADATA =
      id().setBuildMetadata(BuildMetadataId.getDefaultInstance()).build();
  static final BuildEventId STATUS =
      id().setWorkspaceStatus(WorkspaceStatusId.getDefaultInstance()).build();
  static final BuildEventId WORKSPACE =
      id().setWorkspace(WorkspaceConfigId.getDefaultInstance()).build();
  static final BuildEventId CONFIGURED = id().setConfiguration(CONFIGURATION).build();
  static final BuildEventId FINISHED =
      id().setBuildFinished(BuildFinishedId.getDefaultInstance()).build();
  static final BuildEventId LOGS =
      id().setBuildToolLogs(BuildToolLogsId.getDefaultInstance()).build();
  static final BuildEventId METRICS =
      id().setBuildMetrics(BuildMetricsId.getDefaultInstance()).build();

  private Ids() {}

  private static BuildEventId.Builder id() {
    return BuildEventId.newBuilder();
  }

  static BuildEventId progress(int number) {
    return id().setProgress(ProgressId.newBuilder().setOpaqueCount(number)).build();
  }

  static BuildEventId structured(String label) {
    return id().setStructuredCommandLine(
            StructuredCommandLineId.newBuilder().setCommandLineLabel(label))
        .build();
  }

  static BuildEventId pattern(List<String> words) {
    return id().setPattern(PatternExpandedId.newBuilder().addAllPattern(words)).build();
  }

  static BuildEventId configured(String label) {
    return id().setTargetConfigured(TargetConfiguredId.newBuilder().setLabel(label)).build();
  }

  static BuildEventId completed(String label) {
    return id().setTargetCompleted(
            TargetCompletedId.newBuilder().setLabel(label).setConfiguration(CONFIGURATION))
        .build();
  }

  static BuildEventId action(String primaryOutput, String label) {
    return id().setActionCompleted(
            ActionCompletedId.newBuilder()
                .setPrimaryOutput(primaryOutput)
                .setLabel(label)
                .setConfiguration(CONFIGURATION))
        .build();
  }

  static BuildEventId files(String set) {
    return id().setNamedSet(NamedSetOfFilesId.newBuilder().setId(set)).build();
  }
}
