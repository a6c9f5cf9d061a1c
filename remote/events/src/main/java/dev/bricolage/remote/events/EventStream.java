package dev.bricolage.remote.events;

import dev.bricolage.action.event.End;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.action.event.Listener;
import dev.bricolage.remote.events.bep.Addresses;
import dev.bricolage.remote.events.bep.Translation;
import dev.bricolage.remote.events.file.EventFile;
import dev.bricolage.remote.events.service.Upload;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The stream of one invocation, from its beginning to its end. */
public final class EventStream implements Listener {
  /** What is printed is seen at the latest then, though nothing else happens. */
  private static final Duration TEXT_WAITS = Duration.ofMillis(500);

  private final Consumer<String> tell;
  private final Translation translation;
  private final List<EventFile> files = new ArrayList<>();
  private Optional<Upload> upload = Optional.empty();
  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private final Thread writer =
      Thread.ofPlatform().daemon().name("build events").unstarted(this::run);

  /** What the writer is given. */
  private sealed interface Item {
    record Heard(Event event) implements Item {}

    record Ended(End end) implements Item {}
  }

  private EventStream(Publication publication, Invocation invocation, Consumer<String> tell) {
    this.tell = tell;
    this.translation =
        new Translation(invocation, publication.allActions(), Addresses.ON_DISK, this::write);
  }

  /**
   * Begins a stream.
   *
   * @param tell gets lines for the user: what cannot be written any more
   * @throws IOException when a file cannot be made
   */
  public static EventStream open(
      Publication publication, Invocation invocation, Consumer<String> tell) throws IOException {
    EventStream stream = new EventStream(publication, invocation, tell);
    try {
      if (publication.json().isPresent()) {
        stream.files.add(EventFile.json(publication.json().get(), tell));
      }
      if (publication.binary().isPresent()) {
        stream.files.add(EventFile.binary(publication.binary().get(), tell));
      }
    } catch (IOException e) {
      stream.files.forEach(EventFile::close);
      throw e;
    }
    stream.upload = publication.service().map(service -> Upload.start(service, invocation, tell));
    stream.writer.start();
    return stream;
  }

  @Override
  public void hear(Event event) {
    items.add(new Item.Heard(event));
  }

  /**
   * Ends the stream, and waits until it is written; an interruption does not shorten that. Then
   * waits for the service, if there is one, as long as it was asked to.
   *
   * @param later gets lines that come when the user is gone
   * @throws InterruptedException when the wait for the service was interrupted
   */
  public void end(End end, Consumer<String> later) throws InterruptedException {
    items.add(new Item.Ended(end));
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (upload.isPresent()) {
      upload.get().await(later);
    }
  }

  private void run() {
    try {
      boolean goesOn = true;
      while (goesOn) {
        goesOn = step();
      }
    } catch (InterruptedException nobodyDoes) {
      tell.accept("the build event stream was cut off");
    } catch (RuntimeException e) {
      tell.accept("the build event stream ends here, by a fault of bric: " + e);
    } finally {
      files.forEach(EventFile::close);
    }
  }

  private boolean step() throws InterruptedException {
    switch (next().orElse(null)) {
      case null -> translation.flush();
      case Item.Heard(Event event) -> translation.hear(event);
      case Item.Ended(End end) -> {
        translation.end(end);
        upload.ifPresent(service -> service.end(end));
        return false;
      }
    }
    return true;
  }

  private Optional<Item> next() throws InterruptedException {
    @Nullable Item item =
        translation.hasText()
            ? items.poll(TEXT_WAITS.toMillis(), TimeUnit.MILLISECONDS)
            : items.take();
    return Optional.ofNullable(item);
  }

  private void write(BuildEvent event) {
    files.forEach(file -> file.write(event));
    upload.ifPresent(service -> service.add(event));
  }
}
