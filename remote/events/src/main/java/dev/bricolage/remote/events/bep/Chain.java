package dev.bricolage.remote.events.bep;

import dev.bricolage.remote.protocol.Bep.Aborted;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import dev.bricolage.remote.protocol.Bep.BuildEventId;
import dev.bricolage.remote.protocol.Bep.Progress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The events of one stream. What comes unannounced is announced by a progress event before it; each
 * progress event announces the next, and carries what was printed since the last.
 */
final class Chain {
  /** A message of gRPC may have 4 MiB. */
  private static final int MOST_TEXT = 1 << 17;

  private final Consumer<BuildEvent> out;
  private final Set<BuildEventId> awaited = new LinkedHashSet<>();
  private final Set<BuildEventId> posted = new HashSet<>();
  private final ConsoleText stdout = new ConsoleText();
  private final ConsoleText stderr = new ConsoleText();
  private int progress;
  private boolean begun;

  Chain(Consumer<BuildEvent> out) {
    this.out = out;
  }

  /** The first event. */
  void begin(BuildEventId id, BuildEvent.Builder first) {
    begun = true;
    awaited.add(id);
    post(id, first.addChildren(Ids.progress(progress)));
  }

  /**
   * An event; one that was here already is left out.
   *
   * @param event with its children and its payload
   */
  void post(BuildEventId id, BuildEvent.Builder event) {
    if (posted.contains(id)) {
      return;
    }
    if (!awaited.contains(id)) {
      progress(List.of(id));
    }
    send(id, event);
  }

  private void send(BuildEventId id, BuildEvent.Builder event) {
    awaited.remove(id);
    posted.add(id);
    event.getChildrenList().stream().filter(child -> !posted.contains(child)).forEach(awaited::add);
    out.accept(event.setId(id).build());
  }

  boolean isPosted(BuildEventId id) {
    return posted.contains(id);
  }

  /** Something was printed. */
  void printed(boolean toStderr, byte[] text) {
    for (int at = 0; at < text.length; at += MOST_TEXT) {
      (toStderr ? stderr : stdout).add(text, at, Math.min(MOST_TEXT, text.length - at));
      if (begun && stdout.size() + stderr.size() >= MOST_TEXT) {
        flush();
      }
    }
  }

  /** Whether something printed waits for a progress event. */
  boolean hasText() {
    return begun && stdout.size() + stderr.size() > 0;
  }

  /** What was printed goes out. */
  void flush() {
    if (hasText()) {
      progress(List.of());
    }
  }

  private void progress(List<BuildEventId> announced) {
    BuildEventId id = Ids.progress(progress++);
    send(
        id,
        BuildEvent.newBuilder()
            .addChildren(Ids.progress(progress))
            .addAllChildren(announced)
            .setProgress(
                Progress.newBuilder().setStdout(stdout.takeWhole()).setStderr(stderr.takeWhole())));
  }

  /**
   * No progress comes any more; what is awaited besides will not come.
   *
   * @param last those that will
   */
  void close(Aborted reason, Set<BuildEventId> last) {
    send(
        Ids.progress(progress),
        BuildEvent.newBuilder()
            .setProgress(
                Progress.newBuilder().setStdout(stdout.takeAll()).setStderr(stderr.takeAll())));
    for (BuildEventId id : new ArrayList<>(awaited)) {
      if (!last.contains(id)) {
        send(id, BuildEvent.newBuilder().setAborted(reason));
      }
    }
  }
}
