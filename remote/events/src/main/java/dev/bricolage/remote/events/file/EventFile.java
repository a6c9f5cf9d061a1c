package dev.bricolage.remote.events.file;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.bricolage.remote.protocol.Bep.BuildEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A file of events. Each is written at once and whole, so that a file of which the end is missing
 * ends between two; when that fails, the file is cut there and nothing is written any more.
 */
public final class EventFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Form form;
  private final Consumer<String> tell;
  private boolean broken;

  /** What an event looks like in a file. */
  private interface Form {
    byte[] of(BuildEvent event) throws IOException;
  }

  private EventFile(Path file, Form form, Consumer<String> tell) throws IOException {
    this.file = file;
    this.form = form;
    this.tell = tell;
    if (Files.exists(file) && !Files.isRegularFile(file) && !file.toString().equals("/dev/null")) {
      throw new IOException(file + ": no ordinary file, and events are written to nothing else");
    }
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  /**
   * A new file of JSON, one event a line.
   *
   * @param tell is told once when it cannot be written any more
   */
  public static EventFile json(Path file, Consumer<String> tell) throws IOException {
    JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();
    return new EventFile(file, event -> line(printer, event), tell);
  }

  /** A new file of messages, each behind its length. */
  public static EventFile binary(Path file, Consumer<String> tell) throws IOException {
    return new EventFile(file, EventFile::delimited, tell);
  }

  private static byte[] line(JsonFormat.Printer printer, BuildEvent event)
      throws InvalidProtocolBufferException {
    return (printer.print(event) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] delimited(BuildEvent event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.getSerializedSize() + 5);
    event.writeDelimitedTo(bytes);
    return bytes.toByteArray();
  }

  /** Writes it behind the others. */
  public void write(BuildEvent event) {
    if (broken) {
      return;
    }
    try {
      append(form.of(event));
    } catch (IOException e) {
      broken = true;
      tell.accept(
          "%s: %s; the build goes on, and its events are written there no more"
              .formatted(file, Objects.requireNonNullElse(e.getMessage(), e.toString())));
    }
  }

  private void append(byte[] bytes) throws IOException {
    long whole = channel.position();
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      channel.truncate(whole);
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      tell.accept(file + ": " + e.getMessage());
    }
  }
}
