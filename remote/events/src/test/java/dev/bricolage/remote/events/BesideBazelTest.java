package dev.bricolage.remote.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Target;
import dev.bricolage.remote.protocol.Bep;
import dev.bricolage.remote.protocol.Bes;
import dev.bricolage.remote.protocol.BesEvents;
import dev.bricolage.remote.protocol.BesStatus;
import dev.bricolage.remote.protocol.CommandLines;
import dev.bricolage.remote.protocol.Failures;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our definitions beside those inside a real Bazel, 4.2.3, from Debian's bazel-bootstrap. */
final class BesideBazelTest {
  static final Path JAR = Path.of("/usr/share/bazel/A-server.jar");

  /** What later Bazels have and 4.2.3 has not, as of Bazel 9. */
  private static final List<String> LATER =
      List.of(
          "build_event_stream.ActionExecuted.end_time = 13",
          "build_event_stream.ActionExecuted.start_time = 12",
          "build_event_stream.BuildFinished.failure_detail = 6",
          "build_event_stream.BuildFinished.finish_time = 5",
          "build_event_stream.BuildMetrics.ActionSummary.ActionData.actions_executed = 2",
          "build_event_stream.BuildMetrics.ActionSummary.ActionData.first_started_ms = 3",
          "build_event_stream.BuildMetrics.ActionSummary.ActionData.last_ended_ms = 4",
          "build_event_stream.BuildMetrics.ActionSummary.ActionData.mnemonic = 1",
          "build_event_stream.BuildMetrics.ActionSummary.RunnerCount.count = 2",
          "build_event_stream.BuildMetrics.ActionSummary.RunnerCount.exec_kind = 3",
          "build_event_stream.BuildMetrics.ActionSummary.RunnerCount.name = 1",
          "build_event_stream.BuildMetrics.ActionSummary.action_data = 4",
          "build_event_stream.BuildMetrics.ActionSummary.runner_count = 6",
          "build_event_stream.BuildMetrics.ArtifactMetrics.FilesMetric.count = 2",
          "build_event_stream.BuildMetrics.ArtifactMetrics.FilesMetric.size_in_bytes = 1",
          "build_event_stream.BuildMetrics.ArtifactMetrics.top_level_artifacts = 5",
          "build_event_stream.BuildMetrics.TimingMetrics.execution_phase_time_in_ms = 4",
          "build_event_stream.BuildMetrics.artifact_metrics = 7",
          "build_event_stream.BuildStarted.host = 10",
          "build_event_stream.BuildStarted.start_time = 9",
          "build_event_stream.BuildStarted.user = 11",
          "build_event_stream.File.digest = 5",
          "build_event_stream.File.length = 6",
          "google.devtools.build.v1.BuildStatus.build_tool_exit_code = 4",
          "google.devtools.build.v1.BuildStatus.final_invocation_id = 3");

  private static URLClassLoader bazel;

  @BeforeAll
  static void open() throws Exception {
    assertTrue(Files.exists(JAR), "needs Debian's bazel-bootstrap");
    bazel =
        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }

  @AfterAll
  static void close() throws Exception {
    bazel.close();
  }

  /** A definition as lines: "message.field = number", with type, label and oneof. */
  private record Lines(Map<String, String> numbers, Map<String, String> shapes) {
    static Lines of(FileDescriptorProto file) {
      Lines lines = new Lines(new TreeMap<>(), new TreeMap<>());
      file.getMessageTypeList().forEach(message -> lines.add(file.getPackage(), message));
      file.getEnumTypeList().forEach(values -> lines.add(file.getPackage(), values));
      file.getServiceList()
          .forEach(service ->
              service
                  .getMethodList()
                  .forEach(method ->
                      lines.shapes.put(
                          file.getPackage() + "." + service.getName() + "." + method.getName(),
                          method.toBuilder().clearOptions().build().toString())));
      return lines;
    }

    private void add(String scope, DescriptorProto message) {
      String name = scope + "." + message.getName();
      for (FieldDescriptorProto field : message.getFieldList()) {
        numbers.put(name + " = " + field.getNumber(), field.getName());
        shapes.put(name + "." + field.getName() + " = " + field.getNumber(), shape(message, field));
      }
      message.getNestedTypeList().forEach(nested -> add(name, nested));
      message.getEnumTypeList().forEach(nested -> add(name, nested));
    }

    private void add(String scope, EnumDescriptorProto values) {
      values
          .getValueList()
          .forEach(value -> {
            String name = scope + "." + values.getName();
            numbers.put(name + " = " + value.getNumber(), value.getName());
            shapes.put(name + "." + value.getName() + " = " + value.getNumber(), "value");
          });
    }

    private static String shape(DescriptorProto message, FieldDescriptorProto field) {
      String oneof =
          field.hasOneofIndex() ? message.getOneofDecl(field.getOneofIndex()).getName() : "";
      return field.getType() + " " + field.getLabel() + " " + field.getTypeName() + " " + oneof;
    }
  }

  private static FileDescriptorProto theirs(String type) throws Exception {
    Object descriptor = bazel.loadClass(type).getMethod("getDescriptor").invoke(null);
    Object proto = descriptor.getClass().getMethod("toProto").invoke(descriptor);
    byte[] bytes = (byte[]) proto.getClass().getMethod("toByteArray").invoke(proto);
    return FileDescriptorProto.parseFrom(bytes);
  }

  private static List<String> differences(FileDescriptor ours, String theirs) throws Exception {
    return differences(Lines.of(ours.toProto()), Lines.of(theirs(theirs)));
  }

  private static List<String> differences(Lines ours, Lines theirs) {
    List<String> differences = new ArrayList<>();
    ours.shapes.forEach((field, shape) -> {
      if (!shape.equals(theirs.shapes.get(field)) && !LATER.contains(field)) {
        differences.add(field + ": " + shape + ", and there " + theirs.shapes.get(field));
      }
    });
    ours.numbers.forEach((number, name) -> {
      if (!name.equals(theirs.numbers.getOrDefault(number, name))) {
        differences.add(number + ": " + name + ", and there " + theirs.numbers.get(number));
      }
    });
    return differences;
  }

  @Test
  void everyNameAndNumberIsBazels() throws Exception {
    List<String> differences = new ArrayList<>();
    differences.addAll(
        differences(
            Bep.getDescriptor(),
            "com.google.devtools.build.lib.buildeventstream.BuildEventStreamProtos"));
    differences.addAll(
        differences(
            CommandLines.getDescriptor(),
            "com.google.devtools.build.lib.runtime.proto.CommandLineOuterClass"));
    differences.addAll(
        differences(
            Failures.getDescriptor(), "com.google.devtools.build.lib.server.FailureDetails"));
    differences.addAll(
        differences(Bes.getDescriptor(), "com.google.devtools.build.v1.BackendProto"));
    differences.addAll(
        differences(BesEvents.getDescriptor(), "com.google.devtools.build.v1.BuildEventProto"));
    differences.addAll(
        differences(BesStatus.getDescriptor(), "com.google.devtools.build.v1.BuildStatusProto"));
    assertEquals("", String.join("\n", differences));
  }

  @Test
  void whatIsLaterIsThereAndIsNotInBazel4() throws Exception {
    List<String> later = new ArrayList<>();
    later.addAll(
        later(
            Bep.getDescriptor(),
            "com.google.devtools.build.lib.buildeventstream.BuildEventStreamProtos"));
    later.addAll(later(BesStatus.getDescriptor(), "com.google.devtools.build.v1.BuildStatusProto"));
    assertEquals(LATER, later);
  }

  private static Set<String> later(FileDescriptor ours, String theirs) throws Exception {
    Set<String> later = new TreeSet<>(Lines.of(ours.toProto()).shapes.keySet());
    later.removeAll(Lines.of(theirs(theirs)).shapes.keySet());
    return later;
  }

  @Test
  void aWrongNameIsFound() throws Exception {
    FileDescriptorProto.Builder wrong = Bep.getDescriptor().toProto().toBuilder();
    DescriptorProto.Builder event = wrong.getMessageTypeBuilder(wrong.getMessageTypeCount() - 1);
    event.getFieldBuilder(0).setName("name");
    List<String> differences =
        differences(
            Lines.of(wrong.build()),
            Lines.of(
                theirs("com.google.devtools.build.lib.buildeventstream.BuildEventStreamProtos")));
    assertTrue(
        differences.contains("build_event_stream.BuildEvent = 1: name, and there id"),
        differences.toString());
  }

  /** The classes that a Bazel itself has for it read both our files. */
  @Test
  void bazelReadsWhatWeWrite(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("e.json");
    Path binary = folder.resolve("e.bin");
    EventStream stream =
        EventStream.open(
            new Publication(Optional.of(json), Optional.of(binary), Optional.empty(), true),
            EventStreamTest.invocation(List.of("all")),
            line -> {});
    Target target = new Target("/w/out/a", "cc");
    stream.hear(new Event.Located("/w"));
    stream.hear(new Event.Understood(List.of(target)));
    stream.hear(EventStreamTest.performed(target, 3, "no\n"));
    stream.hear(new Event.Came(target, false, List.of(), List.of(target)));
    stream.end(new End(Instant.EPOCH, End.Result.FAILED, 1), line -> {});

    List<Bep.BuildEvent> ours = StreamChecker.binary(Files.readAllBytes(binary));
    List<String> kinds = ours.stream().map(event -> event.getPayloadCase().name()).toList();
    Class<?> event =
        bazel.loadClass(
            "com.google.devtools.build.lib.buildeventstream.BuildEventStreamProtos$BuildEvent");
    List<Bep.BuildEvent> theirs = new ArrayList<>();
    List<String> theirKinds = new ArrayList<>();
    try (InputStream in = Files.newInputStream(binary)) {
      Method parse = event.getMethod("parseDelimitedFrom", InputStream.class);
      for (Object read = parse.invoke(null, in); read != null; read = parse.invoke(null, in)) {
        theirKinds.add(kind(read));
        theirs.add(Bep.BuildEvent.parseFrom((byte[]) call(read, "toByteArray")));
      }
    }
    assertEquals(ours, theirs);
    assertEquals(kinds, theirKinds);

    List<String> theirLines = new ArrayList<>();
    for (String line : Files.readAllLines(json)) {
      theirLines.add(kind(fromJson(event, line)));
    }
    assertEquals(kinds, theirLines);
    assertEquals(ours, StreamChecker.json(Files.readString(json)));
  }

  private static Object fromJson(Class<?> event, String line) throws Exception {
    Class<?> format = bazel.loadClass("com.google.protobuf.util.JsonFormat");
    Object parser = call(format.getMethod("parser").invoke(null), "ignoringUnknownFields");
    Object builder = event.getMethod("newBuilder").invoke(null);
    parser
        .getClass()
        .getMethod("merge", String.class, bazel.loadClass("com.google.protobuf.Message$Builder"))
        .invoke(parser, line, builder);
    return builder;
  }

  private static String kind(Object event) throws Exception {
    return call(event, "getPayloadCase").toString();
  }

  private static Object call(Object what, String method) throws Exception {
    return what.getClass().getMethod(method).invoke(what);
  }
}
