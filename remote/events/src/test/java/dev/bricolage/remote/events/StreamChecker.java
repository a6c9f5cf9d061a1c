package dev.bricolage.remote.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import dev.bricolage.remote.protocol.Bep.BuildEventId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says what is wrong with a stream by the rules of the Build Event Protocol. */
public final class StreamChecker {
  private final List<String> faults = new ArrayList<>();
  private final Set<BuildEventId> announced = new LinkedHashSet<>();
  private final Set<BuildEventId> posted = new HashSet<>();
  private final Set<BuildEventId> sets = new HashSet<>();
  private boolean last;

  private StreamChecker() {}

  /** Faults of a stream that must be whole; none if it is as it should be. */
  public static List<String> faults(List<BuildEvent> events) {
    StreamChecker checker = new StreamChecker();
    checker.check(events);
    checker.checkEnd();
    return checker.faults;
  }

  /** Faults of one that may have been cut off. */
  public static List<String> faultsOfBeginning(List<BuildEvent> events) {
    StreamChecker checker = new StreamChecker();
    checker.check(events);
    return checker.faults;
  }

  /** The events in a file of JSON. */
  public static List<BuildEvent> json(String text) {
    List<BuildEvent> events = new ArrayList<>();
    JsonFormat.Parser parser = JsonFormat.parser().ignoringUnknownFields();
    for (String line : text.lines().toList()) {
      BuildEvent.Builder event = BuildEvent.newBuilder();
      try {
        parser.merge(line, event);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalArgumentException("line " + events.size() + ": " + e.getMessage(), e);
      }
      events.add(event.build());
    }
    return events;
  }

  /** The events in a file of messages. */
  public static List<BuildEvent> binary(byte[] bytes) throws IOException {
    List<BuildEvent> events = new ArrayList<>();
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    while (in.available() > 0) {
      events.add(BuildEvent.parseDelimitedFrom(in));
    }
    return events;
  }

  private void check(List<BuildEvent> events) {
    for (BuildEvent event : events) {
      check(event);
    }
    if (!events.isEmpty() && !events.getFirst().hasStarted()) {
      fault("does not begin with the start of a build", events.getFirst());
    }
  }

  private void check(BuildEvent event) {
    if (last) {
      fault("comes after the last", event);
    }
    if (!posted.isEmpty() && !announced.contains(event.getId())) {
      fault("comes unannounced", event);
    }
    if (!posted.add(event.getId())) {
      fault("comes twice", event);
    }
    if (event.getPayloadCase() == BuildEvent.PayloadCase.PAYLOAD_NOT_SET) {
      fault("says nothing", event);
    }
    Set<BuildEventId> children = new HashSet<>();
    for (BuildEventId child : event.getChildrenList()) {
      if (!children.add(child)) {
        fault("announces a child twice", event);
      }
    }
    announced.addAll(children);
    checkSets(event);
    checkProgress(event);
    last = event.getLastMessage();
  }

  /** Who names a set of files has announced it, or it has come. */
  private void checkSets(BuildEvent event) {
    if (event.hasNamedSetOfFiles()) {
      sets.add(event.getId());
    }
    event.getCompleted().getOutputGroupList().stream()
        .flatMap(group -> group.getFileSetsList().stream())
        .map(set -> BuildEventId.newBuilder().setNamedSet(set).build())
        .filter(set -> !sets.contains(set))
        .forEach(set -> fault("names files that have not come", event));
  }

  /** At most one more of them is announced by each. */
  private void checkProgress(BuildEvent event) {
    long next = event.getChildrenList().stream().filter(BuildEventId::hasProgress).count();
    if (next > 1 || (next == 1 && !event.hasProgress() && !event.hasStarted())) {
      fault("breaks the chain of progress", event);
    }
  }

  private void checkEnd() {
    if (!last) {
      faults.add("no last message");
    }
    announced.stream()
        .filter(id -> !posted.contains(id))
        .forEach(id -> faults.add("never comes: " + brief(id)));
  }

  private void fault(String what, BuildEvent event) {
    faults.add(what + ": " + brief(event.getId()));
  }

  private static String brief(BuildEventId id) {
    return id.toString().replaceAll("\\s+", " ").strip();
  }
}
