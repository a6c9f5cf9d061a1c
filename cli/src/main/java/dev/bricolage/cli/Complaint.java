package dev.bricolage.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/**
 * What to tell a user of an exception: Java's own messages name the file and leave out the need.
 */
final class Complaint {
  private Complaint() {}

  /** One line, without the exception's class where its message says it all. */
  static String of(Exception e) {
    return switch (e) {
      case UncheckedIOException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case NoSuchFileException absent -> absent.getFile() + ": no such file or directory";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException there -> there.getFile() + ": exists already";
      case FileSystemException other when other.getReason() == null -> other.toString();
      default -> Objects.requireNonNullElse(e.getMessage(), e.toString());
    };
  }
}
