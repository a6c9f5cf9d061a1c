package dev.bricolage.cli;

import dev.bricolage.action.event.End;
import dev.bricolage.action.event.End.Result;
import dev.bricolage.action.event.Event;
import dev.bricolage.action.event.Invocation;
import dev.bricolage.action.event.Listener;
import dev.bricolage.cli.events.EventOptions;
import dev.bricolage.remote.events.EventStream;
import dev.bricolage.remote.events.Publication;
import dev.bricolage.workspace.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request whose events are published, if that was asked for. */
final class Followed {
  private final EventOptions options;
  private final Path scratch;
  private final Session session;
  private final Instant began = Instant.now();

  /** A request with these options. */
  Followed(EventOptions options, Work work, Session session) {
    this.scratch = work.scratch();
    this.options = options;
    this.session = session;
  }

  /** What is followed. */
  @FunctionalInterface
  interface Performance {
    int perform() throws Failure, IOException, InterruptedException;
  }

  /**
   * Carries it out.
   *
   * @param verb the command's name
   * @param words all of its words
   * @param asked those of them that are no options
   * @param interrupted a status that says that the user ended it; 0 for none
   * @return its exit status
   */
  int perform(
      String verb, List<String> words, List<String> asked, int interrupted, Performance what)
      throws Failure, IOException, InterruptedException {
    Optional<Asked> published = asked(verb, words, asked);
    if (published.isEmpty()) {
      return what.perform();
    }
    EventStream stream = open(published.get().publication(), published.get().invocation());
    session.follow(stream);
    try {
      int status = what.perform();
      end(stream, result(status, interrupted), status);
      return status;
    } catch (Failure e) {
      stream.hear(
          new Event.Printed(
              true, ("bric: " + e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8)));
      end(stream, result(e.status()), e.status().code());
      throw e;
    } catch (InterruptedException e) {
      int signal = session.lastSignal();
      end(stream, Result.INTERRUPTED, ExitStatus.ofSignal(signal == 0 ? 15 : signal));
      throw e;
    } catch (IOException e) {
      end(stream, Result.HINDERED, ExitStatus.IO.code());
      throw e;
    } catch (RuntimeException | Error e) {
      end(stream, Result.BROKEN, ExitStatus.INTERNAL.code());
      throw e;
    }
  }

  /** What is to be published where. */
  private record Asked(Publication publication, Invocation invocation) {}

  private Optional<Asked> asked(String verb, List<String> words, List<String> asked)
      throws Failure, IOException {
    try {
      Optional<Publication> publication = options.publication(session.directory(), scratch);
      return publication.isEmpty()
          ? Optional.empty()
          : Optional.of(new Asked(publication.get(), invocation(verb, words, asked)));
    } catch (UserError e) {
      throw new Failure(ExitStatus.USAGE, verb + ": " + e.getMessage(), e);
    } catch (FileSystemException e) {
      throw new Failure(ExitStatus.CANNOT_CREATE, verb + ": " + e.getMessage(), e);
    }
  }

  private EventStream open(Publication publication, Invocation invocation) throws Failure {
    try {
      return EventStream.open(publication, invocation, session::tell);
    } catch (IOException e) {
      throw new Failure(ExitStatus.CANNOT_CREATE, Complaint.of(e), e);
    }
  }

  private void end(EventStream stream, Result result, int status) {
    session.follow(Listener.NOBODY);
    Thread asker = Thread.currentThread();
    AtomicBoolean waits =
        new AtomicBoolean(); // a signal that ended the build does not end the wait
    session.onSignal(number -> {
      if (waits.get()) {
        asker.interrupt();
      }
    });
    waits.set(true);
    try {
      stream.end(new End(Instant.now(), result, status), System.err::println);
    } catch (InterruptedException impatient) {
      // What has not arrived was told; the build has ended as it has.
    }
  }

  private Result result(int status, int interrupted) {
    if (status == 0) {
      return Result.WELL;
    }
    return status == interrupted || session.lastSignal() != 0 ? Result.INTERRUPTED : Result.FAILED;
  }

  private static Result result(ExitStatus status) {
    return switch (status) {
      case OK -> Result.WELL;
      case USAGE -> Result.MISUSED;
      case INTERNAL -> Result.BROKEN;
      case TIMEOUT, NO_INPUT -> Result.FAILED;
      case UNSUITED, CANNOT_CREATE, IO -> Result.HINDERED;
    };
  }

  private Invocation invocation(String verb, List<String> words, List<String> asked)
      throws UserError {
    return new Invocation(
        options.id(),
        options.id(),
        began,
        verb,
        EventOptions.withoutSecrets(without(asked, words)),
        asked,
        session.directory().toString(),
        System.getProperty("user.name", ""),
        host(),
        "bric "
            + Objects.requireNonNullElse(
                Followed.class.getPackage().getImplementationVersion(), "development"),
        ProcessHandle.current().pid(),
        options.metadata());
  }

  /** Options may stand behind targets. */
  private static List<String> without(List<String> asked, List<String> words) {
    List<String> rest = new ArrayList<>(words.reversed());
    asked.reversed().forEach(rest::remove);
    rest.remove("--");
    return rest.reversed();
  }

  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException unknown) {
      return "";
    }
  }
}
